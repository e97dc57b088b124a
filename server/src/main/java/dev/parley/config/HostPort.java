// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address to listen on, as people write it.
 *
 * @param host a name or an address, an IPv6 one without its brackets
 * @param port 0 to 65535, where 0 lets the system choose
 */
public record HostPort(String host, int port) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final int MAX_PORT = 65_535;
    private static final Pattern TEXT = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:\\[\\]\\s/]+)):([0-9]{1,5})");

    /** Reads {@code HOST:PORT} or {@code [IPV6]:PORT}. */
    public static HostPort parse(String text) throws SettingException {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
            throw new SettingException(QuotedValue.of(text)
                    + " is not an address: write HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080"
                    + " (port 0 to 65535, 0 = any)");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new HostPort(host, Integer.parseInt(matcher.group(3)));
    }

    /** Whether it is certainly of this machine alone. */
    public boolean isLoopback() {
        return LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }

    /** The address as it stands in a URL. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
