// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.util.regex.Pattern;

/**
 * The clients of a server without keys: programs on this machine, and pages it serves.
 *
 * <p>Listening on loopback alone does not ensure that: a foreign page in a browser here may connect (its Origin gives
 * it away), and a foreign name may be made to point here (the Host gives it away).
 */
final class LoopbackRule {

    private static final String AUTHORITY = "(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::[0-9]{1,5})?";
    private static final Pattern HOST = Pattern.compile(AUTHORITY, Pattern.CASE_INSENSITIVE);
    private static final Pattern ORIGIN = Pattern.compile("https?://" + AUTHORITY, Pattern.CASE_INSENSITIVE);

    private LoopbackRule() {}

    static boolean allowsHost(String host) {
        return HOST.matcher(host).matches();
    }

    static boolean allowsOrigin(String origin) {
        return ORIGIN.matcher(origin).matches();
    }
}
