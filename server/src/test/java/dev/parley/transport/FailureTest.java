// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.HttpRoute;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults of our own, in dialects and routes: never a stall, never silence. */
class FailureTest {

    private static final HttpRoute FAILING_ROUTE = request -> {
        throw new IllegalStateException("planted");
    };

    private NettyTransport transport;
    private int port;

    @BeforeEach
    void start() throws IOException {
        transport = new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults());
        ListenerServices services =
                ListenerServices.local(List.of(new FailingDialect()), Map.of("/route", FAILING_ROUTE));
        port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void aConversationThatCannotBeOpenedIsClosedWith1011() {
        try (RawClient client = RawClient.open(port, "/open")) {
            assertThat(client.read()).isEqualTo("close 1011 internal error");
        }
    }

    @Test
    void aConversationThatFailsOnAMessageIsClosedWith1011() {
        try (RawClient client = RawClient.open(port, "/text")) {
            client.text("boom");

            assertThat(client.read()).isEqualTo("close 1011 internal error");
            assertThat(client.read()).isEqualTo("end");
        }
    }

    @Test
    void aSocketThatTheSystemHasClosedIsLostAndNoFailureOfTheServer() {
        try (RawClient client = RawClient.open(port, "/socket")) {
            client.text("boom");

            assertThat(client.read()).isEqualTo("end");
        }
    }

    @Test
    void aConversationThatFailsAtItsEndIsClosedAllTheSame() {
        try (RawClient client = RawClient.open(port, "/ended")) {
            client.send(RawClient.closeFrame(1000, ""));

            assertThat(client.read()).isEqualTo("close 1000");
            assertThat(client.read()).isEqualTo("end");
        }
    }

    @Test
    void aRouteThatFailsIsAnsweredWith500() {
        try (RawClient client = RawClient.tcp(port)) {
            client.send("GET /route HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 500 ");
        }
    }

    /** Fails at what its path names. */
    private static final class FailingDialect implements Dialect {

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
            return new Accepted(connection -> open(connection, request.path()));
        }

        private static ClientConversation open(ClientConnection connection, String path) {
            fail(path, "/open");
            connection.admitted();
            return new ClientConversation() {
                @Override
                public void text(Payload payload) {
                    fail(path, "/text");
                    if (path.equals("/socket")) { // as Netty does when it is to read from a socket that is gone
                        throw new UncheckedIOException(new IOException("planted"));
                    }
                }

                @Override
                public void binary(Payload payload) {}

                @Override
                public void ended(ConnectionEnding ending) {
                    fail(path, "/ended");
                }
            };
        }

        private static void fail(String path, String where) {
            if (path.equals(where)) {
                throw new IllegalStateException("planted");
            }
        }
    }
}
