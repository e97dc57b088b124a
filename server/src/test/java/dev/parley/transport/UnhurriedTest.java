// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Drain;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Request;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnhurriedTest {

    private final Transport transport = new Transport(Limits.defaults(), Keepalive.defaults(), Drain.defaults());

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void anUnhurriedMessageWaitsForTheNextOneAndKeepsItsPlaceBeforeIt() throws IOException {
        try (RawClient client = open()) {
            long begin = System.nanoTime();
            client.text("unhurried");
            assertThat(client.read()).isEqualTo("text unhurried");
            assertThat(System.nanoTime() - begin)
                    .isGreaterThan(Duration.ofMillis(190).toNanos());

            client.text("unhurried again");
            client.binary(new byte[] {1});
            assertThat(client.read()).isEqualTo("text unhurried again");
            assertThat(client.read()).isEqualTo("binary 01");
        }
    }

    private RawClient open() throws IOException {
        int port = transport.listen(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                Site.local(List.of(new Unhurried()), Map.of()));
        return RawClient.open(port, "/");
    }

    /** Says what it hears, without hurry if it is text. */
    private final class Unhurried implements Dialect {

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
                    connection.send(transport.frames().unhurried(payload));
                }

                @Override
                public void binary(Payload payload) {
                    connection.send(transport.frames().binary(payload));
                }

                @Override
                public void ended(Ending ending) {}
            };
        }
    }
}
