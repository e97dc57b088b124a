// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client brings a newer token without connecting again. */
@Timeout(60)
class RefreshTest {

    private static final SecretKey KEY = secret("sk_id_one", "1", "**");
    private static final SecretKey STAR = secret("sk_id_star", "3", "**", "a\\*b");
    private static final SecretKey FOREIGN = secret("sk_id_two", "2", "**");

    private final TestServer server = TestServer.start(new SettingsBuilder()
            .apps(
                    AppSettings.of("one", List.of(), List.of(KEY, STAR)),
                    AppSettings.of("two", List.of(), List.of(FOREIGN)))
            .build());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aNewerTokenKeepsTheConnectionPastTheEndOfTheFirst() {
        long end = Forge.now() + 2;
        try (Talker talker = talker("alice", end)) {
            long later = end + 600;
            assertThat(refresh(talker, token(KEY, "alice", later)))
                    .isEqualTo("text {\"type\":\"ack\",\"requestId\":\"r\",\"expiresAt\":" + later + "}");

            while (Forge.now() <= end) {
                LockSupport.parkNanos(10_000_000);
            }
            talker.isThere();
        }
    }

    @Test
    void anEarlierEndCountsToo() {
        try (Talker talker = talker("alice", Forge.now() + 600)) {
            assertThat(refresh(talker, token(KEY, "alice", Forge.now() + 2))).contains("\"ack\"");

            assertThat(talker.receive()).isEqualTo("close 4002 token_expired");
        }
    }

    @Test
    void aTokenOfAnotherPeerOrAnotherAppChangesNothing() {
        try (Talker talker = talker("alice", Forge.now() + 600)) {
            assertThat(refresh(talker, token(KEY, "bob", Forge.now() + 600))).contains("\"invalid_token\"");
            assertThat(refresh(talker, token(FOREIGN, "alice", Forge.now() + 600)))
                    .contains("\"invalid_token\"");
            talker.isThere();
        }
    }

    @Test
    void anExpiredTokenIsToldSoAndChangesNothing() {
        try (Talker talker = talker("alice", Forge.now() + 600)) {
            assertThat(refresh(talker, token(KEY, "alice", Forge.now() - 1))).contains("\"token_expired\"");
            talker.isThere();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"token\":null", ",\"token\":7", ",\"token\":\"garbage\""})
    void whatIsNoTokenChangesNothing(String field) {
        try (Talker talker = talker("alice", Forge.now() + 600)) {
            assertThat(talker.ask("{\"type\":\"refresh\",\"requestId\":\"r\"" + field + "}"))
                    .startsWith("text {\"type\":\"error\",\"requestId\":\"r\",\"code\":\"invalid_token\"");
            talker.isThere();
        }
    }

    @Test
    void aTokenForLessTakesWhatItDoesNotCoverAtOnce() {
        try (Talker talker = talker("alice", Forge.now() + 600);
                Talker witness = talker("witness", Forge.now() + 600)) {
            witness.subscribe("stage");
            talker.subscribe("stage");
            assertThat(witness.receive()).contains("\"alice\"");
            JsonText fewer = Forge.claims("alice").with("channels", "[\"lobby\"]");

            assertThat(refresh(talker, Forge.token(KEY, fewer))).contains("\"ack\"");
            assertThat(talker.receive()).contains("\"channel_not_authorized\"", "\"channel\":\"stage\"");
            assertThat(witness.receive()).contains("\"left\":[{\"peerId\":\"alice\"}]");
            assertThat(talker.publish("stage")).contains("\"channel_not_authorized\"");
            assertThat(talker.publish("lobby")).contains("\"ack\"");
        }
    }

    @Test
    void aTokenForFewerActionsTakesTheOthersAtOnce() {
        try (Talker talker = talker("alice", Forge.now() + 600)) {
            talker.subscribe("stage");
            JsonText fewer = Forge.claims("alice").with("permissions", "[\"subscribe\",\"presence\"]");

            assertThat(refresh(talker, Forge.token(KEY, fewer))).contains("\"ack\"");
            assertThat(talker.publish("stage")).contains("\"action_not_permitted\"");
            assertThat(talker.ask("{\"type\":\"send\",\"requestId\":\"s\",\"to\":\"alice\",\"data\":1}"))
                    .contains("\"action_not_permitted\"");
            assertThat(refresh(talker, token(KEY, "alice", Forge.now() + 600))).contains("\"ack\"");
            assertThat(talker.publish("stage")).contains("\"ack\"");
        }
    }

    @Test
    void aPatternIsLostWithTheRightToAllItMatchesEvenIfTheChannelOfThatNameIsAllowed() {
        try (Talker talker = new Talker(server, "token=" + star("[\"**\"]"));
                Talker other = talker("bob", Forge.now() + 600)) {
            talker.subscribe("a*b");

            assertThat(refresh(talker, star("[\"a\\\\*b\"]"))).contains("\"ack\"");
            assertThat(talker.receive()).contains("\"channel_not_authorized\"", "\"channel\":\"a*b\"");
            assertThat(other.publish("axb")).contains("\"ack\"");
            talker.isThere();
        }
    }

    @Test
    void whoSubscribesToTheChannelOfAPatternsNameHearsThatAloneFromThenOn() {
        try (Talker talker = new Talker(server, "token=" + star("[\"**\"]"));
                Talker other = talker("bob", Forge.now() + 600)) {
            talker.subscribe("a*b");
            assertThat(refresh(talker, star("[\"**\",\"a\\\\*b\"]"))).contains("\"ack\"");

            talker.subscribe("a*b");
            assertThat(other.publish("axb")).contains("\"ack\"");
            assertThat(other.publish("a*b")).contains("\"ack\"");
            assertThat(talker.receive()).contains("\"channel\":\"a*b\"");
        }
    }

    @Test
    void whoBringsOneTokenAfterTheOtherIsToldToComeBackLaterAndStays() {
        try (Talker talker = talker("alice", Forge.now() + 600)) {
            int judged = 0;
            String answer = "";
            while (!answer.contains("\"backend_error\"")) {
                answer = refresh(talker, token(KEY, "alice", Forge.now() + 600));
                judged++;
            }

            assertThat(judged).isBetween(11, 20);
            talker.isThere();
        }
    }

    @Test
    void atAnAddressThatIsNotHeardAnyMoreNoTokenIsLookedAt() {
        try (TestServer wary = TestServer.start(new SettingsBuilder()
                        .apps(AppSettings.of("one", List.of(), List.of(KEY)))
                        .limits(new LimitsBuilder().failuresPerMinute(2).build())
                        .build());
                Talker talker = new Talker(wary, "token=" + token(KEY, "alice", Forge.now() + 600))) {
            assertThat(refresh(talker, "garbage")).contains("\"invalid_token\"");
            assertThat(refresh(talker, "garbage")).contains("\"invalid_token\"");

            assertThat(refresh(talker, "garbage")).contains("\"backend_error\"");
            assertThat(refresh(talker, token(KEY, "alice", Forge.now() + 600))).contains("\"backend_error\"");
            talker.isThere();
        }
    }

    /** A token of a key that names a channel with an asterisk in it. */
    private static String star(String channels) {
        return Forge.token(STAR, Forge.claims("alice").with("channels", channels));
    }

    private Talker talker(String peer, long end) {
        return new Talker(server, "token=" + token(KEY, peer, end));
    }

    private static String refresh(Talker talker, String token) {
        return talker.ask("{\"type\":\"refresh\",\"requestId\":\"r\",\"token\":\"" + token + "\"}");
    }

    private static String token(SecretKey key, String peer, long end) {
        return Forge.token(key, Forge.claims(peer).with("exp", end));
    }

    private static SecretKey secret(String id, String digit, String... channels) {
        KeyRights rights = new KeyRights(List.of(channels), EnumSet.allOf(Action.class));
        return new SecretKey(id, new Secret("sk_secret_" + digit.repeat(40)), rights);
    }
}
