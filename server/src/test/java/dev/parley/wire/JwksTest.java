// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.TokenIssuer;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An identity provider that answers well, badly or not at all, and what its clients notice. */
class JwksTest {

    private static final IssuerKey KEY = IssuerKey.ec("key");
    private static final String HEALTHY = "key=pk_healthy";

    @Test
    void twoHundredFirstTokensAreOneRequest() throws InterruptedException {
        try (FakeIssuer issuer = new FakeIssuer()) {
            issuer.hold(KEY);
            try (TestServer server = start(List.of(issuer.as("busy", "parley")));
                    HealthyPair healthy = HealthyPair.ofV1(server.port(), HEALTHY)) {
                List<RawClient> clients = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    clients.add(open(server, "busy", "peer-" + i));
                }
                issuer.release();

                assertThat(clients)
                        .allSatisfy(client -> assertThat(client.read()).contains("welcome"));
                assertThat(issuer.requests()).isEqualTo(1);
                clients.forEach(RawClient::close);
            }
        }
    }

    @Test
    void whoseKeysCannotBeHadIsToldToComeBackLaterAndNobodyElseNotices() throws IOException, InterruptedException {
        Map<String, FakeIssuer> issuers = new LinkedHashMap<>();
        for (String name : List.of(
                "silent",
                "slow body",
                "500",
                "404",
                "204",
                "huge",
                "endless redirect",
                "redirect",
                "garbage",
                "HTML",
                "empty")) {
            issuers.put(name, new FakeIssuer());
        }
        FakeIssuer elsewhere = FakeIssuer.of(KEY);
        issuers.get("silent").fallSilent();
        issuers.get("slow body").beginOnly();
        issuers.get("500").say(500, "sorry");
        issuers.get("204").say(204, "");
        String keys = FakeIssuer.set(KEY.jwk().toString());
        issuers.get("huge").say(200, keys + " ".repeat(10 << 20));
        issuers.get("endless redirect")
                .redirectTo(issuers.get("endless redirect").url());
        issuers.get("redirect").redirectTo(elsewhere.url());
        issuers.get("garbage").say(200, "\u0000\u0001\u0002");
        issuers.get("HTML").say(200, "<!doctype html><title>busy</title>");
        issuers.get("empty").say(200, "");
        List<TokenIssuer> settings = new ArrayList<>();
        issuers.forEach((name, issuer) -> settings.add(issuer.as(name, "parley")));
        settings.add(new TokenIssuer("closed port", closedPort(), "parley", KeyRights.all()));
        try (TestServer server = start(settings);
                HealthyPair healthy = HealthyPair.ofV1(server.port(), HEALTHY)) {
            long begin = System.nanoTime();
            Map<String, RawClient> clients = new LinkedHashMap<>();
            settings.forEach(issuer -> clients.put(issuer.issuer(), open(server, issuer.issuer())));

            clients.forEach((name, client) -> assertThat(client.read()).as(name).isEqualTo(HostileTokens.LATER));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            clients.values().forEach(RawClient::close);
        }
        assertThat(elsewhere.requests()).as("requests that were redirected").isZero();
        assertThat(issuers.get("endless redirect").requests()).isEqualTo(1);
        elsewhere.close();
        issuers.values().forEach(FakeIssuer::close);
    }

    @Test
    void knownKeysGoOnWorkingWhenTheIssuerIsGone() throws InterruptedException {
        try (FakeIssuer issuer = FakeIssuer.of(KEY);
                TestServer server = start(List.of(issuer.as("mortal", "parley")));
                HealthyPair healthy = HealthyPair.ofV1(server.port(), HEALTHY)) {
            try (RawClient first = open(server, "mortal")) {
                assertThat(first.read()).contains("welcome");
            }
            issuer.close();

            try (RawClient second = open(server, "mortal")) {
                assertThat(second.read()).contains("welcome");
            }
        }
    }

    private static URI closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
    }

    private static TestServer start(List<TokenIssuer> issuers) {
        AppSettings app = new AppSettings(
                "one",
                true,
                List.of(new PublishableKey("pk_healthy", KeyRights.all(), List.of())),
                List.of(),
                issuers,
                AppLimits.defaults());
        return TestServer.start(new SettingsBuilder().apps(app).build());
    }

    private static RawClient open(TestServer server, String issuer) {
        return open(server, issuer, "alice");
    }

    private static RawClient open(TestServer server, String issuer, String peer) {
        JsonText claims = Forge.claims(peer).with("iss", Forge.quote(issuer)).with("aud", "\"parley\"");
        return server.open("/v1?token=" + KEY.token(claims));
    }
}
