// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PresenceSettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many connections cost whoever makes them. */
@Timeout(60)
class CrowdedPeerTest {

    private static final SecretKey KEY =
            new SecretKey("sk_id_one", new Secret("sk_secret_" + "1".repeat(40)), KeyRights.all());
    private static final AppSettings APP =
            AppSettings.of("demo", List.of(new PublishableKey("pk", KeyRights.all(), List.of())), List.of(KEY));
    private static final String ALICE = "token=" + Forge.token(KEY, Forge.claims("alice"));

    private static final String SUBSCRIBE = "{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"stage\"}";
    private static final String UNSUBSCRIBE = "{\"type\":\"unsubscribe\",\"requestId\":\"u\",\"channel\":\"stage\"}";

    private final List<Talker> talkers = new ArrayList<>();
    private TestServer server;
    private HealthyPair healthy;

    private void start(LimitsBuilder limits) {
        server = TestServer.start(new SettingsBuilder()
                .apps(APP)
                .presence(new PresenceSettings(Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO))
                .limits(limits.build())
                .build());
        healthy = HealthyPair.ofV1(server.port(), "key=pk");
    }

    @AfterEach
    void stop() throws InterruptedException {
        try (TestServer used = server) {
            healthy.close();
            talkers.forEach(Talker::close);
        }
    }

    @Test
    void aPeerHasSoManyConnectionsAndOthersHaveTheirs() {
        start(new LimitsBuilder().connectionsPerPeer(3));
        connect(3);
        assertThat(refusal(ALICE)).isEqualTo("close 4010 over_concurrent_limit");
        new Talker(server, "token=" + Forge.token(KEY, Forge.claims("bob"))).close();

        talkers.removeFirst().close();
        while (!refusal(ALICE).startsWith("text {\"type\":\"welcome\"")) {
            Thread.onSpinWait(); // until the server has noticed
        }
    }

    @Test
    void oneAddressHasSoManyConnectionsOpenAndMoreWhenSomeAreClosed() {
        start(new LimitsBuilder().connectionsPerIp(2));
        connect(2);
        try (RawClient refused = RawClient.tcp(server.port());
                RawClient elsewhere = RawClient.from("127.0.0.9", server.port())) {
            refused.send(RawClient.handshake("/v1?" + ALICE, "Host: localhost"));
            assertThat(refused.readAll()).startsWith("HTTP/1.1 429 ").contains("Retry-After: ");
            assertThat(elsewhere.upgrade("/v1?" + ALICE).read()).contains("welcome");
        }

        talkers.removeFirst().close();
        boolean isIn = false;
        while (!isIn) {
            try (RawClient again = RawClient.tcp(server.port())) {
                again.send(RawClient.handshake("/v1?" + ALICE, "Host: localhost"));
                isIn = again.readHead().startsWith("HTTP/1.1 101 ");
            }
        }
    }

    @Test
    void sendingToAPeerOfManyConnectionsCostsAsMuchAsPublishingToMany() {
        start(new LimitsBuilder().messagesPerSecond(1)); // the burst stays 1,000
        for (int i = 0; i < 100; i++) {
            connect(1);
            talkers.getLast().answerPings(); // a connection of a crowded peer has to show that it is alive
        }
        Talker sender = new Talker(server, "key=pk");
        talkers.add(sender);
        for (int i = 0; i < 600; i++) {
            sender.say("{\"type\":\"send\",\"requestId\":\"" + i + "\",\"to\":\"alice\",\"data\":" + i + "}");
        }
        int answered = 0;
        while (answered < 499 || !sender.isQuietFor(Duration.ofSeconds(1))) {
            assertThat(sender.receive()).contains("\"ack\"");
            answered++;
        }

        assertThat(answered).as("of a burst of 1,000 that counts twice").isBetween(499, 520);
    }

    @Test
    void whoComesAndGoesBeforeManyHasToWaitAndIsNotClosed() {
        start(new LimitsBuilder().messagesPerSecond(1)); // the burst stays 1,000
        for (int i = 0; i < 100; i++) {
            Talker member = new Talker(server, "key=pk");
            talkers.add(member);
            member.subscribe("stage");
        }
        Talker restless = new Talker(server, "key=pk");
        talkers.add(restless);
        int entered = 0;
        while (restless.ask(SUBSCRIBE).contains("\"ack\"") && !restless.isQuietFor(Duration.ofMillis(400))) {
            assertThat(restless.receive()).contains("\"presence\"");
            assertThat(restless.ask(UNSUBSCRIBE)).contains("\"ack\"");
            entered++;
        }

        assertThat(entered).as("rounds, of which each counts three times").isBetween(330, 345);
        restless.isThere();
    }

    private void connect(int count) {
        for (int i = 0; i < count; i++) {
            talkers.add(new Talker(server, ALICE));
        }
    }

    private String refusal(String query) {
        try (RawClient client = server.open("/v1?" + query)) {
            return client.read();
        }
    }
}
