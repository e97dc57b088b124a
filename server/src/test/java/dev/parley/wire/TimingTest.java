// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.rawclient.RawClient;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What is refused is refused in the same time, whatever there is behind it. No healthy pair is beside it: it would be
 * measured.
 */
@Isolated
class TimingTest {

    private static final int SAMPLES = 5_000;
    private static final double NOISE = 0.05;

    private static final SecretKey SIGNING =
            new SecretKey("sk_id_known", new Secret("sk_secret_" + "1".repeat(64)), KeyRights.all());
    private static final SecretKey FALSE_SECRET =
            new SecretKey("sk_id_known", new Secret("sk_secret_" + "2".repeat(64)), KeyRights.all());
    private static final SecretKey UNKNOWN =
            new SecretKey("sk_id_knowm", new Secret("sk_secret_" + "2".repeat(64)), KeyRights.all());
    private static final AppSettings APP = AppSettings.of(
            "demo",
            List.of(
                    new PublishableKey(
                            "pk_mine",
                            new KeyRights(List.of("mine-*"), EnumSet.allOf(Action.class)),
                            List.of("https://app.example.com", "https://www.example.com")),
                    new PublishableKey("pk_other", KeyRights.all(), List.of())),
            List.of(SIGNING));

    private final TestServer server = TestServer.start(settings());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anUnknownSecretKeyAndAFalseSecret() {
        try (RawClient client = RawClient.tcp(server.port())) {
            Race race = Race.run(
                    SAMPLES,
                    () -> ask(client, UNKNOWN.id() + ":" + UNKNOWN.secret().value()),
                    () -> ask(
                            client,
                            FALSE_SECRET.id() + ":" + FALSE_SECRET.secret().value()));
            assertThat(race.chanceThatFirstIsSlower()).isCloseTo(0.5, within(NOISE));
        }
    }

    @Test
    void aTokenOfAnUnknownKeyAndOneWithAFalseSignature() {
        String ofUnknown = "token=" + Forge.token(UNKNOWN, Forge.claims("alice"));
        String falselySigned = "token=" + Forge.token(FALSE_SECRET, Forge.claims("alice"));
        Race race = Race.run(SAMPLES, () -> connect(ofUnknown), () -> connect(falselySigned));
        assertThat(race.chanceThatFirstIsSlower()).isCloseTo(0.5, within(NOISE));
    }

    @Test
    void anUnknownPublishableKeyAndOneOfAnotherPage() {
        Race race = Race.run(SAMPLES, () -> connect("key=pk_mime"), () -> connect("key=pk_mine"));
        assertThat(race.chanceThatFirstIsSlower()).isCloseTo(0.5, within(NOISE));
    }

    @Test
    void aForbiddenChannelThatSomebodyIsInAndOneThatIsNone() {
        try (RawClient member = server.open("/v1?key=pk_other");
                RawClient client = RawClient.tcp(server.port())
                        .upgrade("/v1?key=pk_mine", "Host: x", "Origin: https://app.example.com")) {
            member.read();
            client.read();
            member.text("{\"type\":\"subscribe\",\"requestId\":\"1\",\"channel\":\"yours-one\"}");
            assertThat(member.read()).contains("\"ack\"");
            Race race = Race.run(SAMPLES, () -> subscribe(client, "yours-one"), () -> subscribe(client, "yours-two"));
            assertThat(race.chanceThatFirstIsSlower()).isCloseTo(0.5, within(NOISE));
        }
    }

    /** Without a network between, so that the work itself is seen: a shortcut would be several times faster. */
    @Test
    void lookingAtATokenOfAnUnknownKeyIsAsMuchWork() {
        KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system());
        keys.reload(List.of(APP));
        ConnectingClient ofUnknown = visitor(Forge.token(UNKNOWN, Forge.claims("alice")));
        ConnectingClient falselySigned = visitor(Forge.token(FALSE_SECRET, Forge.claims("alice")));
        Race race = Race.run(
                4 * SAMPLES,
                () -> keys.authenticate(ofUnknown, verdict -> {}),
                () -> keys.authenticate(falselySigned, verdict -> {}));
        assertThat(race.ratioOfMedians()).isBetween(0.8, 1.25);
    }

    private static ConnectingClient visitor(String token) {
        return new ConnectingClient(new Credential.Token(token), List.of(), InetAddress.getLoopbackAddress());
    }

    private void connect(String query) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake("/v1?" + query, "Host: localhost", "Origin: https://evil.example.com"));
            client.readHead();
            assertThat(client.read()).isEqualTo("close 4001 invalid_token");
        }
    }

    private static void subscribe(RawClient client, String channel) {
        client.text("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}");
        assertThat(client.read()).contains("channel_not_authorized");
    }

    private static void ask(RawClient client, String credentials) {
        client.send("GET /v1/usage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + credentials + "\r\n\r\n");
        String head = client.readHead();
        assertThat(head).startsWith("HTTP/1.1 401 ");
        client.readBytes(Integer.parseInt(head.replaceAll("(?s).*content-length: ([0-9]+).*", "$1")));
    }

    private static ServerSettings settings() {
        return new SettingsBuilder()
                .apps(APP)
                .limits(new LimitsBuilder()
                        .failuresPerMinute(0)
                        .messagesPerSecond(1_000_000)
                        .build())
                .build();
    }
}
