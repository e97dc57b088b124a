// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.rawclient.RawClient;

/** Reads what operators see. */
final class Operator {

    private Operator() {}

    /** Returns the metrics of the server with this admin port, as text. */
    static String metrics(int adminPort) {
        return get(adminPort, "/metrics");
    }

    /** Whether new clients should be sent to the server with this admin port. */
    static boolean isReady(int adminPort) {
        return get(adminPort, "/ready").startsWith("HTTP/1.1 200 ");
    }

    static String get(int adminPort, String path) {
        try (RawClient operator = RawClient.tcp(adminPort)) {
            operator.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return operator.readAll();
        }
    }
}
