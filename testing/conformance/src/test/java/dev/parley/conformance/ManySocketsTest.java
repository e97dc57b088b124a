// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** v1: one peer on several sockets, and what it shows of itself. */
@ExtendWith(ServerUnderTest.class)
class ManySocketsTest {

    private static final String CARD = "{\"name\":\"Alice\",\"age\":12345678901234567890}";

    private final Server server;
    private final String channel = Server.freshName();
    private final Token alice = Token.of(
            "alice-" + UUID.randomUUID(), "\"peerMetadata\":{ \"name\": \"Alice\", \"age\" :12345678901234567890 }");

    ManySocketsTest(Server server) {
        this.server = server;
    }

    @BeforeEach
    void keys() {
        server.assumeConfigured();
    }

    // case 21
    @Test
    void aRosterShowsTheMetadataOfThoseThatHaveAny() {
        try (Client a = server.connect(alice);
                Client b = server.connect();
                Client c = server.connect()) {
            a.join(channel);
            b.join(channel);
            assertThat(c.ask("subscribe", Json.field("channel", channel))).isEqualTo("ack");

            String roster = c.hearText();
            assertThat(Presence.of(Json.parse(roster), channel)).isEqualTo(Presence.joined(a, b));
            assertThat(roster).contains("\"metadata\":" + CARD).containsOnlyOnce("metadata");
            a.hearPresence(channel);
            a.hearPresence(channel);
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(c));
        }
    }

    // case 26
    @Test
    void aPeerHasLeftWithItsLastSocket() {
        try (Client b = server.connect();
                Client first = server.connect(alice)) {
            b.join(channel);
            first.join(channel);
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(first));
            try (Client second = server.connect(alice)) {
                joinWhileElderAnswers(second, first);
                b.hearsNothingBefore(second);
                second.raw().send(RawClient.closeFrame(1000, ""));
                second.hearOut();
            }
            b.hearsNothingBefore(first);
            first.raw().send(RawClient.closeFrame(1000, ""));
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.left(first));
            b.hearsNothing();
        }
    }

    // case 27
    @Test
    void aSecondSocketIsNoSecondPeer() {
        try (Client b = server.connect();
                Client first = server.connect(alice)) {
            b.join(channel);
            first.join(channel);
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(first));
            try (Client second = server.connect(alice)) {
                assertThat(joinWhileElderAnswers(second, first)).isEqualTo(Presence.joined(b));
                b.hearsNothingBefore(second);
                assertThat(b.join(channel)).isEqualTo(Presence.joined(first));
            }
        }
    }

    // case 27b
    @Test
    void aSocketThatDoesNotAnswerIsDroppedForTheOneThatComes() {
        try (Client b = server.connect();
                Client dead = server.connect(alice)) {
            b.join(channel);
            dead.join(channel);
            b.hearPresence(channel);
            long came = System.nanoTime();
            try (Client back = server.connect(alice)) {
                assertThat(back.ask("subscribe", Json.field("channel", channel)))
                        .isEqualTo("ack");

                assertThat(b.hearPresence(channel)).isEqualTo(Presence.left(dead));
                assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(back));
                assertThat(Duration.ofNanos(System.nanoTime() - came)).isLessThan(Duration.ofMillis(1500));
                assertThat(back.hearPresence(channel)).isEqualTo(Presence.joined(b));
            }
        }
    }

    // case 43
    @Test
    void aMessageShowsTheSendersMetadataToWhoAsksForIt() {
        try (Client a = server.connect(alice);
                Client curious = server.connect();
                Client other = server.connect()) {
            assertThat(curious.ask("subscribe", Json.field("channel", channel), "\"includeSenderMetadata\":true"))
                    .isEqualTo("ack");
            curious.hearPresence(channel);
            other.join(channel);
            curious.hearPresence(channel);

            assertThat(a.publish(channel, "1")).isEqualTo("ack");
            assertThat(curious.hearText()).contains("\"fromMetadata\":" + CARD);
            assertThat(other.hearText()).doesNotContain("fromMetadata");
            curious.join(channel);
            assertThat(a.publish(channel, "2")).isEqualTo("ack");
            assertThat(curious.hearText()).doesNotContain("fromMetadata");
        }
    }

    // cases 46 and 48
    @Test
    void aSignalReachesEverySocketOfItsReceiverAndShowsItsSendersMetadata() {
        Token bob = Token.of("bob-" + UUID.randomUUID());
        try (Client a = server.connect(alice);
                Client first = server.connect(bob);
                Client second = server.connect(bob)) {
            assertThat(a.send(first, "7")).isEqualTo("ack");

            for (Client socket : new Client[] {first, second}) {
                String text = socket.hearText();
                JsonNode direct = Json.parse(text);
                assertThat(direct.path("from").asString()).isEqualTo(a.peerId());
                assertThat(direct.path("data").asInt()).isEqualTo(7);
                assertThat(text).contains("\"fromMetadata\":" + CARD);
            }
            a.hearsNothing();
        }
    }

    /**
     * The elder reads, and with that answers the server's ping, until the newcomer is in: when the ping is sent, nobody
     * can tell from outside.
     */
    private Presence joinWhileElderAnswers(Client newcomer, Client elder) {
        AtomicBoolean isIn = new AtomicBoolean();
        CompletableFuture<Void> answering = CompletableFuture.runAsync(
                () -> {
                    do {
                        elder.hearsNothing();
                        elder.raw().isQuietFor(Duration.ofMillis(20));
                    } while (!isIn.get());
                },
                task -> Thread.ofVirtual().start(task));
        try {
            return newcomer.join(channel);
        } finally {
            isIn.set(true);
            answering.join();
        }
    }
}
