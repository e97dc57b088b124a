// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import dev.parley.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Answers {@code /ready}: whether load balancers should send new clients here. Safe from any thread. */
final class ReadinessRoute implements HttpRoute {

    private final @Nullable String node;
    private final BooleanSupplier connected;
    private volatile Stage stage = Stage.STARTING;

    /**
     * A route of a server that is starting.
     *
     * @param node the name of the server among several; null if it is alone
     * @param connected whether the server follows what is decided for all of them
     */
    ReadinessRoute(@Nullable String node, BooleanSupplier connected) {
        this.node = node;
        this.connected = connected;
    }

    /** What the server does. */
    enum Stage {
        /** The server does not listen yet. */
        STARTING("starting", 503),
        /** The server takes clients. */
        READY("ready", 200),
        /** The server has clients, and cannot reach the store that it shares with others. */
        DISCONNECTED("disconnected", 503),
        /** The server takes no new clients, and closes those it has. */
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
        JsonBuilder json = new JsonBuilder(64).raw("{\"status\":").string(now.word);
        if (node != null) {
            json.raw(",\"node\":").string(node);
        }
        byte[] body = json.raw("}").toString().getBytes(StandardCharsets.UTF_8);
        return new HttpReply(now.status, "application/json", Map.of(), body);
    }
}
