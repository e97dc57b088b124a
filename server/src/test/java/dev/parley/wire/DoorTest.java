// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.MinimalSettings;
import dev.parley.config.Secret;
import dev.parley.rawclient.RawClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every credential at every door: only the right pairs open. */
class DoorTest {

    private static final String MINIMAL_KEY = "the-minimal-key";

    private static Tenants tenants;
    private static TestServer server;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> server.port(), "key=pk_live_one");

    private interface Door {
        boolean opensFor(String credential);
    }

    @BeforeAll
    static void start() {
        tenants = new Tenants();
        MinimalSettings minimal = new MinimalSettings(true, List.of(), Optional.of(new Secret(MINIMAL_KEY)));
        server = TestServer.start(tenants.builder().minimal(minimal).build());
    }

    @AfterAll
    static void stop() {
        server.close();
        tenants.close();
    }

    @Test
    void onlyTheRightCredentialOpensADoor() {
        Map<String, String> credentials = new LinkedHashMap<>();
        credentials.put("publishable key", "pk_live_one");
        credentials.put("token of a secret key", Forge.token(tenants.key, Forge.claims("alice")));
        credentials.put("token of an issuer", tenants.rsa.token(Tenants.claims("alice")));
        credentials.put("minimal key", MINIMAL_KEY);
        credentials.put(
                "pair of REST", tenants.key.id() + ":" + tenants.key.secret().value());
        credentials.put("secret", tenants.key.secret().value());
        credentials.put("id of a secret key", tenants.key.id());
        credentials.put("TURN user name", Forge.now() + 3600 + ":u7Zy1Rj0pQ");
        credentials.put("TURN password", "hvcMO4Wiz3vUqWxJH8vT4SbEzLQ=");
        credentials.put("random", "u7Zy1Rj0pQ");
        credentials.put("nothing", "");
        credentials.put("null", "null");
        Map<String, Door> doors = new LinkedHashMap<>();
        doors.put("?key", credential -> isWelcomed("/v1?key=" + encoded(credential)));
        doors.put("?token", credential -> isWelcomed("/v1?token=" + encoded(credential)));
        doors.put("key.", credential -> isWelcomed("/v1", "Sec-WebSocket-Protocol: v1, key." + credential));
        doors.put("bearer.", credential -> isWelcomed("/v1", "Sec-WebSocket-Protocol: v1, bearer." + credential));
        doors.put("refresh", DoorTest::isRefreshed);
        doors.put("minimal ?key", DoorTest::isLetIntoMinimal);
        Set<String> tokens = Set.of("token of a secret key", "token of an issuer");
        Map<String, Set<String>> right = Map.of(
                "?key",
                Set.of("publishable key"),
                "key.",
                Set.of("publishable key"),
                "?token",
                tokens,
                "bearer.",
                tokens,
                "refresh",
                tokens,
                "minimal ?key",
                Set.of("minimal key"));

        List<String> wrong = new ArrayList<>();
        credentials.forEach((name, credential) -> doors.forEach((door, it) -> {
            if (it.opensFor(credential) != right.get(door).contains(name)) {
                wrong.add(name + " at " + door);
            }
        }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void theMinimalProtocolNeedsItsKeyAndNoParameterIsNone() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake("/minimal/room", "Host: localhost"));

            assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void aKeyCalledNullIsNotGivenByGivingNone() {
        MinimalSettings minimal = new MinimalSettings(true, List.of(), Optional.of(new Secret("null")));
        try (TestServer careless =
                        TestServer.start(tenants.builder().minimal(minimal).build());
                RawClient client = RawClient.tcp(careless.port())) {
            client.send(RawClient.handshake("/minimal/room", "Host: localhost"));

            assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void theAnswerNamesTheProtocolAndNeverTheCredential() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake(
                    "/v1", "Host: localhost", "Sec-WebSocket-Protocol: key.pk_live_one , v1", "X-Other: 1"));
            String head = client.readHead();

            assertThat(head).contains("101").containsIgnoringCase("\r\nsec-websocket-protocol: v1\r\n");
            assertThat(head).doesNotContain("pk_live_one");
            assertThat(client.read()).contains("welcome");
        }
    }

    @Test
    void withoutAKnownProtocolTheAnswerNamesNone() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake(
                    "/v1",
                    "Host: localhost",
                    "Sec-WebSocket-Protocol: soap",
                    "Sec-WebSocket-Protocol: key.pk_live_one"));

            assertThat(client.readHead()).contains("101").doesNotContainIgnoringCase("sec-websocket-protocol");
            assertThat(client.read()).contains("welcome");
        }
    }

    @Test
    void anItemCountsBeforeTheQueryAndATokenBeforeAKey() {
        String good = Forge.token(tenants.key, Forge.claims("alice"));
        String welcome = "text {\"type\":\"welcome\",\"peerId\":\"alice\"";

        assertThat(first("/v1?key=pk_live_one&token=" + good)).startsWith(welcome);
        assertThat(first("/v1?token=bad&key=pk_live_one")).isEqualTo(HostileTokens.INVALID);
        assertThat(first("/v1?key=pk_live_one", "Sec-WebSocket-Protocol: bearer." + good))
                .startsWith(welcome);
        assertThat(first("/v1?key=pk_live_one", "Sec-WebSocket-Protocol: bearer.bad"))
                .isEqualTo(HostileTokens.INVALID);
        assertThat(first("/v1", "Sec-WebSocket-Protocol: key.pk_live_one,bearer." + good))
                .startsWith(welcome);
        assertThat(first("/v1?token=" + good, "Sec-WebSocket-Protocol: key.pk_live_none"))
                .isEqualTo(HostileTokens.INVALID);
    }

    private static boolean isWelcomed(String path, String... headers) {
        String first = first(path, headers);
        assertThat(first).matches("text \\{\"type\":\"welcome\".*|close 4001 invalid_token");
        return first.startsWith("text");
    }

    private static String first(String path, String... headers) {
        String[] all = new String[headers.length + 1];
        all[0] = "Host: localhost";
        System.arraycopy(headers, 0, all, 1, headers.length);
        try (RawClient client = server.open(path, all)) {
            return client.read();
        }
    }

    private static boolean isRefreshed(String credential) {
        try (RawClient client = server.open("/v1?token=" + Forge.token(tenants.key, Forge.claims("alice")))) {
            assertThat(client.read()).contains("welcome");
            client.text("{\"type\":\"refresh\",\"requestId\":\"1\",\"token\":\"" + credential + "\"}");
            return client.read().startsWith("text {\"type\":\"ack\"");
        }
    }

    private static boolean isLetIntoMinimal(String credential) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake("/minimal/door?key=" + encoded(credential), "Host: localhost"));
            return client.readHead().startsWith("HTTP/1.1 101 ");
        }
    }

    private static String encoded(String credential) {
        return URLEncoder.encode(credential, StandardCharsets.UTF_8);
    }
}
