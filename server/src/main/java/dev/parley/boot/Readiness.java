// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Whether new clients should be sent here; answers {@code /ready} so that load balancers know. Any thread. */
final class Readiness implements Route {

    private volatile Stage stage = Stage.STARTING;

    /** What the server does. */
    enum Stage {
        /** It does not listen yet. */
        STARTING("starting", 503),
        /** It serves. */
        READY("ready", 200),
        /** It takes nobody any more and lets its clients go. */
        DRAINING("draining", 503);

        private final String word;
        private final int status;

        Stage(String word, int status) {
            this.word = word;
            this.status = status;
        }
    }

    void become(Stage next) {
        stage = next;
    }

    boolean isReady() {
        return stage == Stage.READY;
    }

    @Override
    public Reply reply(Request request) {
        Stage now = stage;
        byte[] body = ("{\"status\":\"" + now.word + "\"}").getBytes(StandardCharsets.US_ASCII);
        return new Reply(now.status, "application/json", Map.of(), body);
    }
}
