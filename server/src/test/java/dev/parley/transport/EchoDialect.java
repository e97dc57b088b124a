// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.Payload;

/** Sends everything back: the dialect conformance suites ask for. */
record EchoDialect(FrameFactory frames) implements Dialect {

    @Override
    public String name() {
        return "test";
    }

    @Override
    public boolean serves(String path) {
        return true;
    }

    @Override
    public Reception receive(ClientRequest request) {
        return new Accepted(this::open);
    }

    private ClientConversation open(ClientConnection connection) {
        connection.admitted();
        return new ClientConversation() {
            @Override
            public void text(Payload payload) {
                connection.send(frames.text(payload));
            }

            @Override
            public void binary(Payload payload) {
                connection.send(frames.binary(payload));
            }

            @Override
            public void ended(ConnectionEnding ending) {}
        };
    }
}
