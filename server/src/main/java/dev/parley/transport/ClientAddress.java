// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import dev.parley.config.Proxies;
import dev.parley.config.SettingException;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Who is behind a request that came through proxies. */
final class ClientAddress {

    private static final String FORWARDED_FOR = "x-forwarded-for";

    private ClientAddress() {}

    /**
     * The address that connected to the outermost trusted proxy. Every proxy adds the address it was connected from at
     * the end, so the list is believed from its end only as far as trusted proxies wrote it; whatever stands before was
     * said by a stranger.
     */
    static InetAddress of(HttpRequest request, InetAddress socket, Proxies proxies) {
        InetAddress client = socket;
        List<String> hops = hops(request);
        for (int i = hops.size() - 1; i >= 0 && proxies.include(client); i--) {
            try {
                client = AddressRange.parse(hops.get(i)).address();
            } catch (SettingException e) {
                return client; // an unreadable entry ends what can be known
            }
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
}
