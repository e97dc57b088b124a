// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.ProxySettings;
import io.netty.handler.codec.http.HttpRequest;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the address of the client behind proxies. */
final class ClientAddress {

    static final String FORWARDED_FOR = "x-forwarded-for";

    /** Addresses as proxies write them, some with the port; one of IPv6 has brackets where a port follows. */
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3}(?:[.][0-9]{1,3}){3})(?::[0-9]{1,5})?");

    private static final Pattern IPV6 =
            Pattern.compile("([0-9A-Fa-f:.]{2,45})|\\[([0-9A-Fa-f:.]{2,45})](?::[0-9]{1,5})?");

    private ClientAddress() {}

    /**
     * The address that connected to the outermost trusted proxy. Every proxy adds the address it was connected from at
     * the end, so the list is believed from its end only as far as trusted proxies wrote it; whatever stands before was
     * said by a stranger. Proxies that use the PROXY protocol are believed by that alone.
     *
     * @param socket the address of the socket, or what the PROXY protocol says of it
     */
    static InetAddress of(HttpRequest request, InetAddress socket, ProxySettings proxies) {
        if (proxies.isProxyProtocol() || !proxies.include(socket)) {
            return socket;
        }
        InetAddress client = socket;
        List<String> hops = hops(request);
        for (int i = hops.size() - 1; i >= 0 && proxies.include(client); i--) {
            InetAddress before = address(hops.get(i));
            if (before == null) {
                return client; // an unreadable entry ends what can be known
            }
            client = before;
        }
        return client;
    }

    private static List<String> hops(HttpRequest request) {
        List<String> hops = new ArrayList<>();
        for (String line : request.headers().getAll(FORWARDED_FOR)) {
            for (String hop : line.split(",", -1)) {
                hops.add(hop.strip());
            }
        }
        return hops;
    }

    private static @Nullable InetAddress address(String hop) {
        Matcher four = IPV4.matcher(hop);
        Matcher six = IPV6.matcher(hop);
        try {
            if (four.matches()) {
                return Inet4Address.ofLiteral(four.group(1));
            }
            return six.matches() ? Inet6Address.ofLiteral(six.group(six.group(1) != null ? 1 : 2)) : null;
        } catch (IllegalArgumentException e) {
            return null; // digits and dots that are no address
        }
    }
}
