// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Action;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.ServerSettings;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions to patterns, of which every publication to a new channel looks at all. */
class WildcardTest {

    private static final int PATTERNS = 4;

    private final TestServer server = TestServer.start(settings(PATTERNS));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAppHasSoManyPatternsHoweverManyOfItsClientsHearThem() {
        try (Talker first = new Talker(server, "key=pk");
                Talker second = new Talker(server, "key=pk")) {
            for (int i = 0; i < PATTERNS / 2; i++) {
                first.subscribe("p" + i + "/*");
                second.subscribe("p" + i + "/*");
            }
            assertThat(subscribe(first, "more/*")).contains("\"channel_limit_exceeded\"");
            second.subscribe("more/1");

            first.ask("{\"type\":\"unsubscribe\",\"requestId\":\"u\",\"channel\":\"p0/*\"}");
            assertThat(subscribe(first, "more/*")).contains("\"channel_limit_exceeded\"");
            second.ask("{\"type\":\"unsubscribe\",\"requestId\":\"u\",\"channel\":\"p0/*\"}");
            first.subscribe("more/*");
        }
    }

    @Test
    void aClientCannotUseUpThePatternsOfAnApp() {
        try (Talker first = new Talker(server, "key=pk");
                Talker second = new Talker(server, "key=pk");
                Talker third = new Talker(server, "key=pk");
                Talker fourth = new Talker(server, "key=pk")) {
            first.subscribe("a/*");
            first.subscribe("b/*");
            assertThat(subscribe(first, "c/*")).contains("\"channel_limit_exceeded\"");
            second.subscribe("c/*");
            assertThat(subscribe(second, "d/*")).contains("\"channel_limit_exceeded\"");
            third.subscribe("d/*");
            assertThat(subscribe(fourth, "e/*")).contains("\"channel_limit_exceeded\"");
            fourth.subscribe("a/*");
        }
    }

    @Test
    void theLimitIsReadAgainAndNobodyLosesAPattern() {
        try (Talker talker = new Talker(server, "key=pk");
                Talker other = new Talker(server, "key=pk")) {
            talker.subscribe("a/*");
            talker.subscribe("b/*");
            server.reload(settings(1));

            assertThat(subscribe(talker, "c/*")).contains("\"channel_limit_exceeded\"");
            assertThat(other.publish("b/1")).contains("\"ack\"");
            assertThat(talker.receive()).contains("\"channel\":\"b/1\"");
        }
    }

    @Test
    void aChannelThatIsPublishedToLearnsOfEveryPatternThatComesAndGoes() {
        try (Talker member = new Talker(server, "key=pk");
                Talker listener = new Talker(server, "key=pk");
                Talker publisher = new Talker(server, "key=pk")) {
            member.subscribe("room/1");
            for (int round = 0; round < 3; round++) {
                publisher.publish("room/1");
                assertThat(member.receive()).contains("\"message\"");
                listener.subscribe("room/*");
                publisher.publish("room/1");
                assertThat(member.receive()).contains("\"message\"");
                assertThat(listener.receive()).contains("\"message\"", "\"channel\":\"room/1\"");
                assertThat(listener.ask("{\"type\":\"unsubscribe\",\"requestId\":\"u\",\"channel\":\"room/*\"}"))
                        .contains("\"ack\"");
            }
            publisher.publish("room/1");
            listener.isThere();
        }
    }

    @Test
    void aKeyThatForbidsPatternsTakesTheirNamesAsTheyAre() {
        server.reload(settings(PATTERNS, false));
        try (Talker talker = new Talker(server, "key=pk");
                Talker other = new Talker(server, "key=pk")) {
            talker.subscribe("room-*");
            other.publish("room-1");
            talker.isThere();
            other.publish("room-*");
            assertThat(talker.receive()).contains("\"message\"", "\"channel\":\"room-*\"");
        }
    }

    @Test
    void whenAKeyForbidsPatternsFromNowOnThoseThatAreHeldAreLost() {
        try (Talker talker = new Talker(server, "key=pk");
                Talker other = new Talker(server, "key=pk")) {
            talker.subscribe("room-*");
            server.reload(settings(PATTERNS, false));

            assertThat(talker.receive()).contains("\"channel_not_authorized\"", "\"channel\":\"room-*\"");
            other.publish("room-1");
            talker.isThere();
        }
    }

    private static String subscribe(Talker talker, String channel) {
        return talker.ask("{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"" + channel + "\"}");
    }

    private static ServerSettings settings(int patterns) {
        return settings(patterns, true);
    }

    private static ServerSettings settings(int patterns, boolean hasWildcards) {
        return new SettingsBuilder()
                .apps(new AppSettings(
                        "demo",
                        true,
                        List.of(new PublishableKey(
                                "pk",
                                new KeyRights(List.of("**"), EnumSet.allOf(Action.class), hasWildcards, false),
                                List.of())),
                        List.of(),
                        List.of(),
                        new AppLimits(0, patterns, List.of(), 0)))
                .build();
    }
}
