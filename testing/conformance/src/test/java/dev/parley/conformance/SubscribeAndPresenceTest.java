// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** v1: subscribing and presence. */
@ExtendWith(ServerUnderTest.class)
class SubscribeAndPresenceTest {

    /** From the acknowledgement to the roster, as the server is configured. */
    private static final Duration DELAY = Duration.ofMillis(Long.getLong("parley.presenceDelayMs", 15));

    private static final Duration SLACK = Duration.ofMillis(1);

    private final Server server;
    private final String channel = Server.freshName();

    SubscribeAndPresenceTest(Server server) {
        this.server = server;
    }

    // case 17
    @Test
    void whoComesFirstGetsAnAckAndAnEmptyRoster() {
        try (Client a = server.connect()) {
            a.say(Client.message("subscribe", "first", Json.field("channel", channel)));

            assertThat(Client.answer(a.hear(), "first")).isEqualTo("ack");
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.NOBODY);
            a.hearsNothing();
        }
    }

    // case 18
    @Test
    void whoComesSecondGetsTheFirstAndTheFirstIsTold() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.join(channel);

            assertThat(b.join(channel)).isEqualTo(Presence.joined(a));
            JsonNode news = a.hear();
            assertThat(Presence.of(news, channel)).isEqualTo(Presence.joined(b));
            assertThat(news.path("joined").path(0).has("metadata")).isFalse();
            b.hearsNothingBefore(a);
            a.hearsNothingBefore(b);
        }
    }

    // case 19
    @Test
    void theRosterComesInAReadOfItsOwnADelayAfterTheAck() {
        assumeTrue(DELAY.isPositive(), "the server delays no roster");
        int inTime = 0;
        try (Client a = server.connect()) {
            for (int i = 0; i < 20; i++) {
                String request = Client.message("subscribe", "r" + i, Json.field("channel", Server.freshName()));
                long asked = System.nanoTime();
                a.say(request);
                String ack = a.hearText();
                long acknowledged = System.nanoTime();
                boolean isMoreThere = a.raw().hasMore();
                long looked = System.nanoTime();
                String roster = a.hearText();
                long told = System.nanoTime();

                assertThat(ack).contains("\"ack\"");
                assertThat(roster).contains("\"presence\"");
                assertThat(Duration.ofNanos(told - asked)).isGreaterThanOrEqualTo(DELAY.minus(SLACK));
                // Only who looks in time can tell one read from two: this thread may have been kept waiting.
                if (Duration.ofNanos(looked - asked).compareTo(DELAY.dividedBy(2)) < 0) {
                    inTime++;
                    assertThat(isMoreThere).as("more than the ack in one read").isFalse();
                    assertThat(Duration.ofNanos(told - acknowledged)).isGreaterThan(DELAY.dividedBy(3));
                }
            }
        }
        assertThat(inTime).as("times this machine was fast enough to tell").isPositive();
    }

    // case 20
    @Test
    void whoSubscribesAgainGetsTheRosterAgainAndNobodyElseHearsOfIt() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.join(channel);
            b.join(channel);
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.joined(b));

            assertThat(a.join(channel)).isEqualTo(Presence.joined(b));
            b.hearsNothingBefore(a);
        }
    }

    // case 22
    @Test
    void whoUnsubscribesGetsAnAckAndTheOthersAreTold() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.join(channel);
            b.join(channel);
            assertThat(a.hearPresence(channel)).isEqualTo(Presence.joined(b));

            assertThat(a.unsubscribe(channel)).isEqualTo("ack");
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.left(a));
            assertThat(b.publish(channel, "1")).isEqualTo("ack");
            a.hearsNothingBefore(b);
            assertThat(b.join(channel)).isEqualTo(Presence.NOBODY);
        }
    }

    // case 22, section 1.8
    @Test
    void whoUnsubscribesBeforeItsRosterCameWasNeverThere() {
        assumeTrue(DELAY.isPositive(), "the server delays no roster");
        String other = Server.freshName();
        byte[] in = RawClient.textFrame(Client.message("subscribe", "in", Json.field("channel", channel)));
        byte[] out = RawClient.textFrame(Client.message("unsubscribe", "out", Json.field("channel", channel)));
        byte[] both = Arrays.copyOf(in, in.length + out.length);
        System.arraycopy(out, 0, both, in.length, out.length);
        try (Client a = server.connect();
                Client b = server.connect()) {
            b.join(channel);

            a.raw().send(both); // together: between two the roster might come
            assertThat(Client.answer(a.hear(), "in")).isEqualTo("ack");
            assertThat(Client.answer(a.hear(), "out")).isEqualTo("ack");
            assertThat(a.join(other)).isEqualTo(Presence.NOBODY); // comes later than the other roster would
            b.hearsNothingBefore(a);
        }
    }

    // case 23
    @Test
    void aResetConnectionHasLeftWithinASecond() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.join(channel);
            b.join(channel);

            long reset = System.nanoTime();
            a.raw().reset();
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.left(a));
            assertThat(Duration.ofNanos(System.nanoTime() - reset)).isLessThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    // case 25
    @ParameterizedTest
    @ValueSource(strings = {"conformance-never-held", "_system/x"})
    void whoGivesUpAChannelItNeverHeldGetsAnAck(String never) {
        try (Client a = server.connect()) {
            assertThat(a.unsubscribe(never)).isEqualTo("ack");
            a.hearsNothing();
        }
    }

    // case 25
    @Test
    void whoGivesUpAChannelOutsideItsPatternsGetsAnAck() {
        server.assumeConfigured();
        try (Client a = server.connect("key=pk_room")) {
            assertThat(a.unsubscribe("cellar")).isEqualTo("ack");
            a.hearsNothing();
        }
    }

    // case 28
    @Test
    void whoComesBackGetsTheWholeRosterFirstWhoeverComesAndGoes() throws InterruptedException {
        List<Client> staying =
                IntStream.range(0, 3).mapToObj(i -> server.connect()).toList();
        Set<String> names = new TreeSet<>();
        staying.forEach(client -> client.join(channel));
        staying.forEach(client -> names.add(client.peerId()));
        staying.forEach(client -> Thread.ofVirtual().start(client::hearOut)); // who does not read is closed in the end
        AtomicInteger moving = new AtomicInteger(5);
        List<Runnable> steps = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            steps.add(() -> {
                try {
                    comeAndGo(200, names);
                } finally {
                    moving.decrementAndGet();
                }
            });
        }
        for (int i = 0; i < 2; i++) {
            steps.add(() -> {
                for (int k = 0; moving.get() > 0; k++) {
                    reconnect(names, k % 2 == 0);
                }
            });
        }
        Together.run(steps);

        try (Client last = server.connect()) {
            Roster roster = new Roster(last.join(channel));
            while (!roster.peers().equals(names)) { // who was reset may take a moment to be noticed
                roster.apply(last.hearPresence(channel));
            }
            last.hearsNothing();
        }
        staying.forEach(Client::close);
    }

    /** Joins and leaves over one connection, so many times; each time it has to get the roster first. */
    private void comeAndGo(int times, Set<String> staying) {
        try (Client c = server.connect()) {
            for (int i = 0; i < times; i++) {
                Presence first = c.join(channel);
                assertThat(first.left()).isEmpty();
                assertThat(first.joined()).containsAll(staying);
                c.say(Client.message("unsubscribe", "leave", Json.field("channel", channel)));
                Roster roster = new Roster(first);
                JsonNode frame = c.hear();
                while (frame.path("type").asString().equals("presence")) {
                    roster.apply(Presence.of(frame, channel));
                    frame = c.hear();
                }
                assertThat(Client.answer(frame, "leave")).isEqualTo("ack");
            }
        }
    }

    private void reconnect(Set<String> staying, boolean isReset) {
        try (Client a = server.connect()) {
            Presence first = a.join(channel);
            assertThat(first.left()).isEmpty();
            assertThat(first.joined()).containsAll(staying).doesNotContain(a.peerId());
            Roster roster = new Roster(first);
            a.say("{\"type\":\"ping\"}");
            JsonNode frame = a.hear();
            while (frame.path("type").asString().equals("presence")) {
                roster.apply(Presence.of(frame, channel));
                frame = a.hear();
            }
            assertThat(frame.path("type").asString()).isEqualTo("pong");
            if (isReset) {
                a.raw().reset();
            }
        }
    }

    // case 29
    @Test
    void fiftyWhoComeAtOnceEachKnowTheFortyNineOthers() throws InterruptedException {
        List<Client> clients =
                IntStream.range(0, 50).mapToObj(i -> server.connect()).toList();
        Set<String> everyone = new TreeSet<>();
        clients.forEach(client -> everyone.add(client.peerId()));

        Together.run(clients.stream()
                .map(client -> (Runnable) () -> {
                    Roster roster = new Roster(client.join(channel));
                    while (roster.peers().size() < clients.size() - 1) {
                        roster.apply(client.hearPresence(channel));
                    }
                    assertThat(everyone).containsAll(roster.peers());
                    assertThat(roster.peers()).doesNotContain(client.peerId());
                })
                .toList());
        clients.forEach(Client::hearsNothing);
        clients.forEach(Client::close);
    }

    // case 30
    @Test
    void theRosterComesBeforeWhatAPeerSendsThatJustHeardOfTheNewcomer() throws InterruptedException {
        // Ten pairs at a time: a newcomer that answers no ping is waited for.
        Together.run(Collections.nCopies(10, this::hearsOfNewcomersInTheirOrder));
    }

    private void hearsOfNewcomersInTheirOrder() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            for (int i = 0; i < 5; i++) {
                String room = Server.freshName();
                b.join(room);
                a.say(Client.message("subscribe", "in", Json.field("channel", room)));
                assertThat(b.hearPresence(room)).isEqualTo(Presence.joined(a));
                assertThat(b.send(a, "1")).isEqualTo("ack");

                assertThat(Client.answer(a.hear(), "in")).isEqualTo("ack");
                assertThat(a.hearPresence(room)).isEqualTo(Presence.joined(b));
                assertThat(a.hear().path("type").asString()).isEqualTo("direct");
            }
        }
    }

    // case 31
    @Test
    void theOthersHearOfANewcomerBeforeTheyHearFromIt() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            for (int i = 0; i < 50; i++) {
                String room = Server.freshName();
                b.join(room);
                assertThat(a.join(room)).isEqualTo(Presence.joined(b));
                a.say("{\"type\":\"send\"," + Json.field("to", b.peerId()) + ",\"data\":1}");

                assertThat(b.hearPresence(room)).isEqualTo(Presence.joined(a));
                assertThat(b.hear().path("type").asString()).isEqualTo("direct");
            }
        }
    }

    // case 36
    @ParameterizedTest
    @ValueSource(strings = {"_metered/x", "_Metered/x", "_internal/x", "_SYSTEM/x", "_system/"})
    void channelsOfTheServerAreReserved(String reserved) {
        try (Client a = server.connect()) {
            assertThat(a.ask("subscribe", Json.field("channel", reserved))).isEqualTo("channel_reserved");
            assertThat(a.publish(reserved, "1")).isEqualTo("channel_reserved");
            a.hearsNothing();
        }
    }

    // case 36
    @ParameterizedTest
    @ValueSource(strings = {"_system", "_systemx/x", "x/_system/x", " _system/x"})
    void channelsThatOnlyLookLikeItAreNot(String free) {
        try (Client a = server.connect()) {
            a.join(free);
        }
    }

    static List<String> notChannels() {
        return List.of(
                "\"\"",
                Json.quote("x".repeat(257)),
                "\"a\\u0007\"",
                "\"a\\u0000\"",
                "\"a\\u007f\"",
                "\"a\\u0085\"",
                "\"a\u0085\"",
                "\"\\n\"",
                "1",
                "true",
                "null",
                "[\"a\"]",
                "{\"a\":1}");
    }

    // case 37
    @ParameterizedTest(name = "[{index}]")
    @MethodSource("notChannels")
    void whatIsNoNameIsNoChannel(String notChannel) {
        String field = "\"channel\":" + notChannel;
        try (Client a = server.connect()) {
            assertThat(a.ask("subscribe", field)).isEqualTo("invalid_channel");
            assertThat(a.ask("unsubscribe", field)).isEqualTo("invalid_channel");
            assertThat(a.ask("publish", field, "\"data\":1")).isEqualTo("invalid_channel");
            a.hearsNothing();
        }
    }

    // case 37
    @Test
    void noChannelAtAllIsNoneEither() {
        try (Client a = server.connect()) {
            assertThat(a.ask("subscribe")).isEqualTo("invalid_channel");
            assertThat(a.ask("unsubscribe")).isEqualTo("invalid_channel");
            assertThat(a.ask("publish", "\"data\":1")).isEqualTo("invalid_channel");
        }
    }

    static List<String> longNames() {
        String fresh = Server.freshName();
        return List.of(
                fresh + "x".repeat(256 - fresh.length()),
                fresh + "\u20ac".repeat(256 - fresh.length()),
                fresh + "\ud83d\ude00".repeat((256 - fresh.length()) / 2));
    }

    // case 37
    @ParameterizedTest(name = "[{index}]")
    @MethodSource("longNames")
    void aNameMayHave256Characters(String name) {
        try (Client a = server.connect()) {
            assertThat(a.join(name)).isEqualTo(Presence.NOBODY);
        }
    }

    static List<String> oddNames() {
        String fresh = Server.freshName();
        return List.of(
                fresh + "\"quoted\" \\ / \\u0041",
                fresh + "\ud83d\ude00 \u2028\u2029\u00a0\ufeff",
                fresh + " <script>&amp;'",
                fresh + "\u65e5\u672c/\u00e9/e\u0301");
    }

    // case 37, section 1.6
    @ParameterizedTest(name = "[{index}]")
    @MethodSource("oddNames")
    void anOddNameComesBackAsItIs(String name) {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.join(name);
            assertThat(b.join(name)).isEqualTo(Presence.joined(a));
            assertThat(a.hearPresence(name)).isEqualTo(Presence.joined(b));
            assertThat(b.publish(name, "1")).isEqualTo("ack");
            assertThat(a.hear().path("channel").asString()).isEqualTo(name);
        }
    }

    // case 37, section 1.6
    @Test
    void aNameWithALoneSurrogateIsOneAndTheSameWithItsEscape() {
        String name = Server.freshName() + "\ud800";
        String field = "\"channel\":\"" + name.substring(0, name.length() - 1) + "\\ud800\"";
        try (Client a = server.connect();
                Client b = server.connect()) {
            assertThat(a.ask("subscribe", field)).isEqualTo("ack");
            assertThat(a.hearPresence(name)).isEqualTo(Presence.NOBODY);
            assertThat(b.ask("publish", field, "\"data\":1")).isEqualTo("ack");
            assertThat(a.hear().path("channel").asString()).isEqualTo(name);
        }
    }

    // case 37, section 1.6
    @Test
    void namesAreComparedLetterByLetter() {
        try (Client a = server.connect();
                Client b = server.connect()) {
            a.join(channel);
            assertThat(b.publish(channel.toUpperCase(java.util.Locale.ROOT), "1"))
                    .isEqualTo("ack");
            a.hearsNothingBefore(b);
        }
    }

    // case 38
    @Test
    void aConnectionHoldsAHundredChannels() {
        try (Client a = server.connect()) {
            for (int i = 0; i < 100; i++) {
                a.join(channel + i);
            }

            assertThat(a.ask("subscribe", Json.field("channel", channel))).isEqualTo("channel_limit_exceeded");
            assertThat(a.join(channel + 7)).isEqualTo(Presence.NOBODY);
            assertThat(a.unsubscribe(channel + 7)).isEqualTo("ack");
            assertThat(a.join(channel)).isEqualTo(Presence.NOBODY);
            assertThat(a.ask("subscribe", Json.field("channel", channel + 7))).isEqualTo("channel_limit_exceeded");
            a.hearsNothing();
        }
    }
}
