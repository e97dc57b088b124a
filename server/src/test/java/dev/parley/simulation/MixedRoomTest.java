// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Clients of different protocols in one room: each is sent the messages of its own. */
class MixedRoomTest {

    private static final String ROOM = "/minimal/room";

    private final SimulatedFrames frames = new SimulatedFrames();
    private final TestServer server = TestServer.of(frames);
    private final Dialect v1 = server.v1();
    private final Dialect minimal = server.minimal();
    private final List<SimulatedLoop> loops = List.of(new SimulatedLoop(), new SimulatedLoop());
    private final List<Client> clients = new ArrayList<>();

    /** A client, and what it received since the last look. */
    private final class Client extends SimulatedConnection {

        private final List<String> received;

        private Client(SimulatedLoop loop, List<String> received) {
            super(clients.size() + 1L, loop, (client, frame) -> received.add(frame.replaceFirst("^text ", "")));
            this.received = received;
        }

        @Override
        protected void pinged() {
            pong();
        }

        void say(String message) {
            conversation().text(TextPayload.of(message));
        }

        void leave() {
            if (isOpen()) {
                end(new ConnectionEnding.Left(1000));
            }
        }

        List<String> receivedSince() {
            settle();
            List<String> taken = List.copyOf(received);
            received.clear();
            return taken;
        }
    }

    @AfterEach
    void nothingRemains() {
        clients.forEach(Client::leave);
        settle();
        assertThat(frames.live()).isZero();
        assertThat(server.app("minimal").rooms().count()).isZero();
        assertThat(server.app("minimal").peers().count()).isZero();
        assertThat(server.app("minimal").usage().connections()).isZero();
    }

    @Test
    void aClientOfMinimalAndOneOfV1SignalToEachOther() {
        Client first = minimal();
        String firstId = onlyPeer();
        Client second = v1("v1");
        List<String> received = subscribe(second);
        assertThat(first.receivedSince())
                .containsExactly("{\"type\":\"welcome\",\"polite\":false}", "{\"type\":\"ready\"}");
        assertThat(received)
                .anyMatch(frame -> frame.contains("presence") && frame.contains("[{\"peerId\":\"" + firstId + "\"}]"));

        first.say("{\"offer\":1}");
        assertThat(second.receivedSince())
                .containsExactly("{\"type\":\"message\",\"channel\":\"/minimal/room\",\"from\":\"" + firstId + "\","
                        + "\"data\":{\"offer\":1}}");
        second.say("{\"type\":\"publish\",\"channel\":\"" + ROOM + "\",\"data\":{\"answer\":1}}");
        assertThat(first.receivedSince()).containsExactly("{\"answer\":1}");
        second.say("{\"type\":\"send\",\"to\":\"" + firstId + "\",\"data\":{\"candidate\":1},\"requestId\":\"t\"}");
        assertThat(first.receivedSince()).containsExactly("{\"candidate\":1}");
        assertThat(second.receivedSince()).containsExactly("{\"type\":\"ack\",\"requestId\":\"t\"}");
    }

    @Test
    void aClientOfParleyV1GetsNumberedFramesOfTheSameSignal() {
        Client first = minimal();
        Client lasting = v1("parley.v1");
        lasting.say("{\"type\":\"subscribe\",\"channel\":\"" + ROOM + "\",\"seq\":1}");
        lasting.receivedSince();

        first.say("1");
        assertThat(lasting.receivedSince())
                .singleElement()
                .asString()
                .startsWith("{\"seq\":")
                .endsWith("\"data\":1}");
    }

    @Test
    void whatIsNoJsonArrivesAsAStringSoThatNobodyWritesIntoTheMessage() {
        Client first = minimal();
        String firstId = onlyPeer();
        Client second = v1("v1");
        subscribe(second);
        for (String text : List.of("hello", "1,\"from\":\"boss\"", "1}", "", "[1", "\"")) {
            first.say(text);
            String expected = "{\"type\":\"message\",\"channel\":\"/minimal/room\",\"from\":\"" + firstId
                    + "\",\"data\":" + JsonMapper.shared().writeValueAsString(text) + "}";
            assertThat(second.receivedSince()).containsExactly(expected);
        }
        first.conversation().binary(TextPayload.of("binary"));
        first.say(" {\"a\": 1} ");
        assertThat(second.receivedSince())
                .containsExactly("{\"type\":\"message\",\"channel\":\"/minimal/room\",\"from\":\"" + firstId
                        + "\",\"data\":" + " {\"a\": 1} }");
    }

    @Test
    void aRoomThatAClientOfMinimalIsInTakesNoThirdOfV1Either() {
        Client first = minimal();
        minimal();
        Client third = v1("v1");
        third.receivedSince();
        third.say("{\"type\":\"subscribe\",\"channel\":\"" + ROOM + "\",\"requestId\":\"s\"}");
        assertThat(third.receivedSince()).singleElement().asString().contains("channel_full");

        first.leave();
        third.say("{\"type\":\"subscribe\",\"channel\":\"" + ROOM + "\",\"requestId\":\"t\"}");
        assertThat(third.receivedSince()).contains("{\"type\":\"ack\",\"requestId\":\"t\"}");
    }

    @Test
    void aRoomOfMinimalWithAClientOfV1IsFullForAThird() {
        Client first = v1("v1");
        subscribe(first);
        Client second = minimal();
        assertThat(second.receivedSince()).containsExactly("{\"type\":\"welcome\",\"polite\":true}");
        assertThat(minimal().receivedSince()).containsExactly("close 1013 room full");
    }

    @Test
    void whoLeavesIsGoneForClientsOfBothProtocols() {
        Client first = minimal();
        String firstId = onlyPeer();
        Client second = v1("v1");
        subscribe(second);
        first.leave();
        assertThat(second.receivedSince())
                .singleElement()
                .asString()
                .contains("\"left\":[{\"peerId\":\"" + firstId + "\"}]");
    }

    /** Returns the id of the client of minimal that is alone in the room. */
    private String onlyPeer() {
        return server.app("minimal").rooms().roster(ROOM, "", 1).getFirst().id();
    }

    /** Returns what the client received. */
    private static List<String> subscribe(Client client) {
        client.say("{\"type\":\"subscribe\",\"channel\":\"" + ROOM + "\"}");
        return client.receivedSince();
    }

    private Client minimal() {
        return open(minimal, Requests.get(ROOM, ""));
    }

    private Client v1(String protocol) {
        return open(v1, Requests.offering(protocol + ", key.minimal.peer-" + clients.size()));
    }

    /** On one loop after the other. */
    private Client open(Dialect dialect, ClientRequest request) {
        Client client = new Client(loops.get(clients.size() % loops.size()), new ArrayList<>());
        clients.add(client);
        client.open(((Dialect.Accepted) dialect.receive(request)).opening());
        settle();
        return client;
    }

    /** Everything that is due within a second happens. */
    private void settle() {
        for (int i = 0; i < 10; i++) {
            while (loops.stream().anyMatch(loop -> !loop.isIdle())) {
                loops.stream().filter(loop -> !loop.isIdle()).forEach(SimulatedLoop::runNext);
            }
            loops.forEach(loop -> loop.advance(Duration.ofMillis(100)));
        }
    }
}
