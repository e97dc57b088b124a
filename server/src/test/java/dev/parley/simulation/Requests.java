// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.RequestHeaders;
import java.net.InetAddress;
import java.util.List;

/** Requests of clients that are simulated. */
public final class Requests {

    private Requests() {}

    /** For a WebSocket of v1 that offers these subprotocols. */
    public static ClientRequest offering(String protocols) {
        return new ClientRequest(
                "GET",
                "/v1",
                "",
                name -> name.equals("sec-websocket-protocol") ? List.of(protocols) : List.of(),
                InetAddress.getLoopbackAddress());
    }

    public static ClientRequest get(String path, String query) {
        return new ClientRequest("GET", path, query, RequestHeaders.NONE, InetAddress.getLoopbackAddress());
    }
}
