// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Headers;
import dev.parley.core.port.Request;
import java.net.InetAddress;
import java.util.List;

/** Requests of clients that are simulated. */
public final class Requests {

    private Requests() {}

    /** For a WebSocket of v1 that offers these subprotocols. */
    public static Request offering(String protocols) {
        return new Request(
                "GET",
                "/v1",
                "",
                name -> name.equals("sec-websocket-protocol") ? List.of(protocols) : List.of(),
                InetAddress.getLoopbackAddress());
    }

    public static Request get(String path, String query) {
        return new Request("GET", path, query, Headers.NONE, InetAddress.getLoopbackAddress());
    }
}
