// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.HostPort;
import dev.parley.config.SettingException;
import dev.parley.transport.ListenerServices;
import dev.parley.transport.NettyTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the configured addresses into sockets, and failures into a line that names the remedy. */
final class ListenerSetup {

    private static final Logger log = LoggerFactory.getLogger(ListenerSetup.class);
    private static final String LOCALHOST = "localhost";

    private final NettyTransport transport;

    ListenerSetup(NettyTransport transport) {
        this.transport = transport;
    }

    /**
     * Listens there; on both loopback addresses if it says {@code localhost}, as browsers try both for that name.
     *
     * @param setting its name in the message if it fails
     * @return the address with the port in use
     */
    HostPort at(HostPort address, ListenerServices site, String setting) throws SettingException {
        List<InetSocketAddress> sockets = hosts(address.host())
                .map(host -> new InetSocketAddress(host, address.port()))
                .toList();
        try {
            return new HostPort(address.host(), transport.listen(sockets, site));
        } catch (IOException e) {
            throw new SettingException(setting + " " + address + ": " + e.getMessage() + "; choose another with --"
                    + setting + " HOST:PORT (port 0 = any free one)");
        }
    }

    /** Listens there, or on any other port if that fails, and says so. */
    HostPort atOrElsewhere(HostPort address, ListenerServices site, String setting) throws SettingException {
        try {
            return at(address, site, setting);
        } catch (SettingException e) {
            HostPort elsewhere = at(new HostPort(address.host(), 0), site, setting);
            log.warn("{}; moved to {}", e.getMessage(), elsewhere);
            return elsewhere;
        }
    }

    private static Stream<String> hosts(String host) {
        if (!host.toLowerCase(Locale.ROOT).equals(LOCALHOST)) {
            return Stream.of(host);
        }
        return hasIpv6Loopback() ? Stream.of("127.0.0.1", "::1") : Stream.of("127.0.0.1");
    }

    private static boolean hasIpv6Loopback() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address.isLoopbackAddress() && address.getAddress().length == 16);
        } catch (SocketException e) {
            return false;
        }
    }
}
