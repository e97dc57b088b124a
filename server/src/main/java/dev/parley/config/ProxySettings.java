// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.net.InetAddress;
import java.util.List;

/**
 * The proxies that may name the client for which they connect.
 *
 * @param ranges the addresses of the proxies
 * @param isProxyProtocol whether they say it with PROXY protocol version 2, which is then required of them; else with
 *     {@code X-Forwarded-For}
 */
public record ProxySettings(List<AddressRange> ranges, boolean isProxyProtocol) {

    /** Keeps a copy. */
    public ProxySettings {
        ranges = List.copyOf(ranges);
    }

    /** Returns settings under which no address is a proxy. */
    public static ProxySettings none() {
        return new ProxySettings(List.of(), false);
    }

    /** Whether everyone is one of them, so that everyone may claim any address. */
    public boolean areEveryone() {
        return ranges.stream().anyMatch(range -> range.prefix() == 0);
    }

    /** Whether this is one of them. */
    public boolean include(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
