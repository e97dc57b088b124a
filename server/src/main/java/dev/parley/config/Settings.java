// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the server is told before it starts.
 *
 * @param listen where clients connect; empty for the default port on every loopback address
 * @param admin where operators look; empty for the default port on loopback, or any other if that is taken
 */
public record Settings(
        Optional<HostPort> listen,
        Optional<HostPort> admin,
        Limits limits,
        Keepalive keepalive,
        Presence presence,
        Drain drain) {

    /** The port clients connect to by default. */
    public static final int LISTEN_PORT = 8080;

    /** The port operators look at by default. */
    public static final int ADMIN_PORT = 9090;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    /**
     * Development mode: nothing is configured, so nobody but this machine may connect.
     *
     * @throws SettingException if an address is not a loopback one
     */
    public static Settings development(Optional<HostPort> listen, Optional<HostPort> admin) throws SettingException {
        if (listen.isPresent() && !isLoopback(listen.get())) {
            throw new SettingException(
                    "listen " + listen.get()
                            + " is refused: without configured keys anyone could use this server, so only localhost, 127.0.0.1 and [::1] are allowed");
        }
        if (admin.isPresent() && !isLoopback(admin.get())) {
            throw new SettingException(
                    "admin " + admin.get() + " is refused: only localhost, 127.0.0.1 and [::1] are allowed");
        }
        return new Settings(
                listen, admin, Limits.defaults(), Keepalive.defaults(), Presence.defaults(), Drain.defaults());
    }

    private static boolean isLoopback(HostPort address) {
        return LOOPBACK.contains(address.host().toLowerCase(Locale.ROOT));
    }
}
