// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Action;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.RawClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys are changed while their holders are connected. */
class ReloadTest {

    private static final SecretKey SIGNING =
            new SecretKey("sk_id_one", new Secret("sk_secret_" + "1".repeat(40)), KeyRights.all());
    private static final PublishableKey ONE = key("pk_one", KeyRights.all());
    private static final PublishableKey TWO = key("pk_two", KeyRights.all());

    private final TestServer server = TestServer.start(settings(true, 0, SIGNING, ONE, TWO));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whoHoldsAKeyThatIsTakenOutIsClosedAndNobodyElse() {
        try (Talker gone = new Talker(server, "key=pk_one");
                Talker stays = new Talker(server, "key=pk_two")) {
            server.reload(settings(true, 0, SIGNING, TWO));

            assertThat(gone.receive()).isEqualTo("close 4001 invalid_token");
            stays.isThere();
            assertThat(refusal("key=pk_one")).isEqualTo("close 4001 invalid_token");
        }
    }

    @Test
    void aKeyThatIsPutInCountsAtOnce() {
        server.reload(settings(true, 0, SIGNING, ONE, TWO, key("pk_three", KeyRights.all())));
        try (Talker talker = new Talker(server, "key=pk_three")) {
            talker.isThere();
        }
    }

    @Test
    void whoMayHearAChannelNoLongerIsToldAndLeavesItAndTheOthersSeeThat() {
        try (Talker narrowed = new Talker(server, "key=pk_one");
                Talker witness = new Talker(server, "key=pk_two")) {
            witness.subscribe("stage");
            narrowed.subscribe("stage");
            assertThat(witness.receive()).contains("\"joined\":[{");
            narrowed.subscribe("lobby-1");

            server.reload(settings(true, 0, SIGNING, key("pk_one", rights("lobby-*", Action.values())), TWO));

            assertThat(narrowed.receive())
                    .startsWith("text {\"type\":\"error\",\"code\":\"channel_not_authorized\",\"channel\":\"stage\"");
            assertThat(witness.receive()).contains("\"channel\":\"stage\"", "\"joined\":[],\"left\":[{");
            assertThat(narrowed.publish("stage")).contains("channel_not_authorized");
            assertThat(narrowed.publish("lobby-1")).contains("\"ack\"");
            assertThat(witness.publish("stage")).contains("\"ack\"");
            narrowed.isThere();
        }
    }

    @Test
    void whoMayNotSeePresenceAnyMoreIsToldNothingOfIt() {
        try (Talker talker = new Talker(server, "key=pk_one");
                Talker other = new Talker(server, "key=pk_two")) {
            talker.subscribe("stage");
            Action[] rest = {Action.SUBSCRIBE, Action.PUBLISH, Action.SEND};
            server.reload(settings(true, 0, SIGNING, key("pk_one", rights("**", rest)), TWO));
            talker.isThere();
            other.subscribe("stage");
            assertThat(other.publish("stage")).contains("\"ack\"");

            assertThat(talker.receive()).contains("\"type\":\"message\"");
        }
    }

    @Test
    void aWildcardSubscriptionIsNotKeptAsTheNameItIsWrittenLike() {
        try (Talker talker = new Talker(server, "key=pk_one");
                Talker other = new Talker(server, "key=pk_two")) {
            talker.subscribe("fleet/*");

            server.reload(settings(true, 0, SIGNING, key("pk_one", rights("fleet/\\*", Action.SUBSCRIBE)), TWO));

            assertThat(talker.receive()).contains("\"channel_not_authorized\"", "\"channel\":\"fleet/*\"");
            assertThat(other.publish("fleet/7")).contains("\"ack\"");
            talker.isThere();
        }
    }

    @Test
    void aNameThatIsMeantAsAPatternFromNowOnIsOneOnceItIsSubscribedToAgain() {
        server.reload(settings(true, 0, SIGNING, key("pk_one", rights("fleet/\\*", Action.values())), TWO));
        try (Talker talker = new Talker(server, "key=pk_one");
                Talker other = new Talker(server, "key=pk_two")) {
            talker.subscribe("fleet/*");
            server.reload(settings(true, 0, SIGNING, key("pk_one", rights("fleet/**", Action.values())), TWO));
            assertThat(other.publish("fleet/7")).contains("\"ack\"");
            talker.isThere();

            talker.subscribe("fleet/*");
            assertThat(other.publish("fleet/7")).contains("\"ack\"");
            assertThat(talker.receive()).contains("\"message\"", "\"channel\":\"fleet/7\"");
        }
    }

    @Test
    void whoMaySeePresenceFromNowOnIsToldTheRosterFirst() {
        Action[] all = {Action.SUBSCRIBE, Action.PUBLISH, Action.SEND, Action.PRESENCE};
        Action[] blind = {Action.SUBSCRIBE, Action.PUBLISH, Action.SEND};
        server.reload(settings(true, 0, SIGNING, key("pk_one", rights("**", blind)), TWO));
        try (Talker talker = new Talker(server, "key=pk_one");
                Talker first = new Talker(server, "token=" + Forge.token(SIGNING, Forge.claims("first")));
                Talker second = new Talker(server, "token=" + Forge.token(SIGNING, Forge.claims("second")))) {
            first.subscribe("stage");
            assertThat(talker.ask("{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"stage\"}"))
                    .contains("\"ack\"");
            assertThat(first.receive()).as("the talker has entered").contains("\"joined\":[{");
            talker.isThere();

            server.reload(settings(true, 0, SIGNING, key("pk_one", rights("**", all)), TWO));

            assertThat(talker.receive()).contains("\"presence\"", "\"joined\":[{\"peerId\":\"first\"}]");
            second.subscribe("stage");
            assertThat(talker.receive()).contains("\"presence\"", "\"joined\":[{\"peerId\":\"second\"}]");
        }
    }

    @Test
    void theHoldersOfKeysOfAnAppThatIsDisabledAreToldSo() {
        try (Talker talker = new Talker(server, "key=pk_one")) {
            server.reload(settings(false, 0, SIGNING, ONE, TWO));

            assertThat(talker.receive()).isEqualTo("close 4012 account_suspended");
            assertThat(refusal("key=pk_one")).isEqualTo("close 4012 account_suspended");
        }
    }

    @Test
    void aSecretThatIsChangedEndsWhatTheOldOneSigned() {
        String old = Forge.token(SIGNING, Forge.claims("alice"));
        SecretKey changed = new SecretKey(SIGNING.id(), new Secret("sk_secret_" + "2".repeat(40)), KeyRights.all());
        try (Talker talker = new Talker(server, "token=" + old)) {
            server.reload(settings(true, 0, changed, ONE, TWO));

            assertThat(talker.receive()).isEqualTo("close 4001 invalid_token");
            assertThat(refusal("token=" + old)).isEqualTo("close 4001 invalid_token");
            new Talker(server, "token=" + Forge.token(changed, Forge.claims("alice"))).close();
        }
    }

    @Test
    void ofAThousandConnectionsWhoseKeysStayNoneIsDroppedAndWhoComesNextMeetsTheNewKeys() {
        List<Talker> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(new Talker(
                    server, i % 2 == 0 ? "key=pk_one" : "token=" + Forge.token(SIGNING, Forge.claims("peer-" + i))));
        }
        for (int i = 0; i < 5; i++) {
            server.reload(settings(true, 0, SIGNING, ONE, TWO, key("pk_new_" + i, KeyRights.all())));
            new Talker(server, "key=pk_new_" + i).close();
        }
        all.forEach(Talker::isThere);
        all.forEach(Talker::close);
    }

    @Test
    void aLowerLimitOfConnectionsDropsNobodyAndAdmitsNobody() {
        try (Talker first = new Talker(server, "key=pk_one");
                Talker second = new Talker(server, "key=pk_one")) {
            server.reload(settings(true, 1, SIGNING, ONE, TWO));

            first.isThere();
            second.isThere();
            assertThat(refusal("key=pk_one")).isEqualTo("close 4010 over_concurrent_limit");
        }
    }

    private String refusal(String query) {
        try (RawClient client = server.open("/v1?" + query)) {
            return client.read();
        }
    }

    private static PublishableKey key(String id, KeyRights rights) {
        return new PublishableKey(id, rights, List.of());
    }

    private static KeyRights rights(String channels, Action... actions) {
        return new KeyRights(List.of(channels), EnumSet.copyOf(Set.of(actions)));
    }

    private static ServerSettings settings(
            boolean isEnabled, int connections, SecretKey secret, PublishableKey... keys) {
        return new SettingsBuilder()
                .apps(new AppSettings(
                        "demo",
                        isEnabled,
                        List.of(keys),
                        List.of(secret),
                        List.of(),
                        new AppLimits(connections, AppLimits.PATTERNS, List.of(), 0)))
                .build();
    }
}
