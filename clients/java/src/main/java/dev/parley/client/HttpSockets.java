// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.Executor;

/** Sockets of the JDK's client, which may be shared by any number of ours. */
final class HttpSockets implements ClientSockets {

    private final HttpClient http;
    private final Executor executor;

    /** @param executor where a socket that failed says so */
    HttpSockets(HttpClient http, Executor executor) {
        this.http = http;
        this.executor = executor;
    }

    @Override
    public ClientSocket open(URI server, List<String> subprotocols, ClientSocket.Hearer hearer) {
        HttpSocket socket = new HttpSocket(hearer, executor);
        socket.open(http, server, subprotocols);
        return socket;
    }
}
