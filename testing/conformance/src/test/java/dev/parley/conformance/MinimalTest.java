// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Minimal: two peers a room. */
@ExtendWith(ServerUnderTest.class)
class MinimalTest {

    private final Server server;
    private final String room = "/minimal/" + Server.freshName();

    MinimalTest(Server server) {
        this.server = server;
    }

    // case 79
    @Test
    void theSecondIsPoliteAndOnlyTheFirstIsTold() {
        try (RawClient first = enter(false);
                RawClient second = enter(true)) {
            assertReady(first);
            first.text("marker");
            assertThat(second.read()).isEqualTo("text marker");
        }
    }

    // case 80
    @Test
    void theThirdIsClosedWithoutAWordAndTheTwoAreUndisturbed() {
        try (RawClient first = enter(false);
                RawClient second = enter(true);
                RawClient third = server.open(room)) {
            assertThat(third.read()).isEqualTo("close 1013 room full");
            assertReady(first);
            first.text("still here");
            assertThat(second.read()).isEqualTo("text still here");
        }
    }

    // case 81
    @Test
    void everyFrameIsRelayedAsItIsAndNotEchoed() {
        try (RawClient first = enter(false);
                RawClient second = enter(true)) {
            assertReady(first);
            second.text("not json");
            second.binary(new byte[] {0, -1, 127});
            assertThat(first.read()).isEqualTo("text not json");
            assertThat(first.read()).isEqualTo("binary 00ff7f");
            first.text("marker");
            assertThat(second.read()).isEqualTo("text marker");
        }
    }

    // case 82
    @Test
    void whatIsSaidAloneIsNotKept() {
        try (RawClient first = enter(false)) {
            first.text("nobody hears this");
            first.send(RawClient.frame(0x89, new byte[0])); // its pong shows that the text was handled
            assertThat(first.read()).isEqualTo("pong ");
            awaitDecisions();
            try (RawClient second = enter(true)) {
                first.text("but this");
                assertThat(second.read()).isEqualTo("text but this");
            }
        }
    }

    // case 83
    @Test
    void whoComesForALeaverIsPoliteAndWhoStayedIsTold() {
        try (RawClient first = enter(false);
                RawClient second = enter(true)) {
            assertReady(first); // a Close that came before would end what is sent to it
            first.send(RawClient.closeFrame(1000, ""));
            assertThat(first.read()).isEqualTo("close 1000");
            try (RawClient third = enterOnceThereIsRoom()) {
                assertReady(second);
                third.text("hello");
                assertThat(second.read()).isEqualTo("text hello");
            }
        }
    }

    /** Two enter another room. If there are two servers, each has then had decided what was handled before. */
    private void awaitDecisions() {
        String other = "/minimal/" + Server.freshName();
        try (RawClient one = server.open(other)) {
            assertWelcome(one.read(), false);
            try (RawClient two = server.open(other)) { // behind the welcome of the first: they are on different servers
                assertWelcome(two.read(), true);
            }
        }
    }

    private RawClient enter(boolean isPolite) {
        RawClient client = server.open(room);
        assertWelcome(client.read(), isPolite);
        return client;
    }

    /** A Close that was answered is no proof that the place is free already. */
    private RawClient enterOnceThereIsRoom() {
        long deadline = System.nanoTime() + RawClient.PATIENCE.toNanos();
        RawClient client = server.open(room);
        String first = client.read();
        while (first.startsWith("close 1013") && System.nanoTime() < deadline) {
            client.close();
            client = server.open(room);
            first = client.read();
        }
        assertWelcome(first, true);
        return client;
    }

    private static void assertWelcome(String frame, boolean isPolite) {
        JsonNode welcome = message(frame);
        assertThat(welcome.path("type").asString()).isEqualTo("welcome");
        assertThat(welcome.path("polite").isBoolean()).isTrue();
        assertThat(welcome.path("polite").asBoolean()).isEqualTo(isPolite);
    }

    private static void assertReady(RawClient client) {
        assertThat(message(client.read()).path("type").asString()).isEqualTo("ready");
    }

    private static JsonNode message(String frame) {
        assertThat(frame).startsWith("text ");
        return Json.parse(frame.substring("text ".length()));
    }
}
