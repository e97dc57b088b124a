// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Request;

/** Sends everything back: the dialect conformance suites ask for. */
record EchoDialect(Frames frames) implements Dialect {

    @Override
    public String name() {
        return "test";
    }

    @Override
    public boolean serves(String path) {
        return true;
    }

    @Override
    public Reception receive(Request request) {
        return new Accepted(this::open);
    }

    private Conversation open(Connection connection) {
        connection.admitted();
        return new Conversation() {
            @Override
            public void text(Payload payload) {
                connection.send(frames.text(payload));
            }

            @Override
            public void binary(Payload payload) {
                connection.send(frames.binary(payload));
            }

            @Override
            public void ended(Ending ending) {}
        };
    }
}
