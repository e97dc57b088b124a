// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Headers;
import dev.parley.core.port.Request;
import java.net.InetAddress;

/** Requests of clients that are simulated. */
public final class Requests {

    private Requests() {}

    public static Request get(String path, String query) {
        return new Request("GET", path, query, Headers.NONE, InetAddress.getLoopbackAddress());
    }
}
