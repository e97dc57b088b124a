// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Whether new clients should be sent here; answers {@code /ready} so that load balancers know. Any thread. */
final class ReadinessRoute implements HttpRoute {

    private final BooleanSupplier connected;
    private volatile Stage stage = Stage.STARTING;

    /** @param connected whether what the server needs elsewhere can be reached */
    ReadinessRoute(BooleanSupplier connected) {
        this.connected = connected;
    }

    /** What the server does. */
    enum Stage {
        /** The server does not listen yet. */
        STARTING("starting", 503),
        /** The server takes clients. */
        READY("ready", 200),
        /** It serves, and cannot reach the store that it shares with others. */
        DISCONNECTED("disconnected", 503),
        /** It takes nobody any more and lets its clients go. */
        DRAINING("draining", 503);

        private final String word;
        private final int status;

        Stage(String word, int status) {
            this.word = word;
            this.status = status;
        }
    }

    void transitionTo(Stage next) {
        stage = next;
    }

    boolean isReady() {
        return current() == Stage.READY;
    }

    private Stage current() {
        Stage now = stage;
        return now == Stage.READY && !connected.getAsBoolean() ? Stage.DISCONNECTED : now;
    }

    @Override
    public HttpReply reply(ClientRequest request) {
        Stage now = current();
        byte[] body = ("{\"status\":\"" + now.word + "\"}").getBytes(StandardCharsets.US_ASCII);
        return new HttpReply(now.status, "application/json", Map.of(), body);
    }
}
