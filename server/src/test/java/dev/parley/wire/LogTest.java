// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.TokenSigner;
import dev.parley.config.KeyRights;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.core.access.TokenTerms;
import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server process prints while it is used and abused. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class LogTest {

    private static final String CANARY = "canary5ecret";
    private static final SecretKey KEY =
            new SecretKey("sk_id_log", new Secret("sk_secret_" + CANARY + "_0123456789abcdef0123"), KeyRights.all());
    private static final String TURN_SECRET = "turn_secret_" + CANARY + "_0123456789abcdef0123";
    private static final Pattern LINE =
            Pattern.compile("[0-9-]{10}T[0-9:.]{12}Z (INFO |WARN |ERROR|DEBUG) [A-Za-z.-]+ [^\\p{Cntrl}]*");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @TempDir
    private Path folder;

    @Test
    void everyJsonLineIsOneObjectWhateverNamesClientsChoose() {
        List<String> peers = nastyNames();
        List<String> lines = lines("json", "info", server -> peers.forEach(peer -> comeAndGo(server, peer)));

        List<String> messages = new ArrayList<>();
        for (String line : lines) {
            JsonNode event = STRICT.readTree(line);
            assertThat(event.isObject()).as(line).isTrue();
            messages.add(event.path("message").asString());
        }
        assertThat(messages.stream().filter(message -> message.startsWith("connect ")))
                .hasSize(peers.size());
    }

    @Test
    void everyTextLineIsOneEventAndNoNamePassesForAnotherField() {
        List<String> peers = nastyNames();
        List<String> lines = lines("text", "info", server -> {
            peers.forEach(peer -> comeAndGo(server, peer));
            peers.forEach(peer -> putOut(server, peer + "\u202e evil"));
        });

        assertThat(lines).allMatch(line -> LINE.matcher(line).matches());
        assertThat(lines.stream().filter(line -> line.contains(" connect "))).hasSize(peers.size());
        assertThat(lines.stream().filter(line -> line.contains(" kick "))).hasSize(peers.size());
        assertThat(lines).noneMatch(line -> line.contains("\u202e"));
        assertThat(lines).noneMatch(line -> QUOTED.matcher(line).replaceAll("").contains("evil"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void whatStandsInHostAndOriginOfTheRefusedBreaksNoLine(String format) {
        List<String> nasty = List.of(
                "a app=evil",
                "a\" evil=\"1",
                "\u001b[31mevil",
                "a\revil",
                "a\0\u007fevil",
                "\u0085\u2028\u202e evil",
                "${jndi:ldap://evil}%n%msg{} evil",
                "evil".repeat(10_000));
        List<String> lines = lines(
                format,
                "debug",
                server -> nasty.forEach(bytes -> untilAnotherIsLogged(server, () -> {
                    List<String> answers = new ArrayList<>();
                    for (String headers : List.of(
                            "Host: " + bytes,
                            "Host: localhost\r\nOrigin: " + bytes,
                            "Host: " + bytes + "\r\nOrigin: " + bytes)) {
                        ask(server, answers, "GET /v1/usage", headers);
                        ask(server, answers, "GET /v1/" + bytes, headers);
                        ask(server, answers, RawClient.handshake("/minimal/a", headers));
                        ask(server, answers, RawClient.handshake("/v1?key=pk_public", headers));
                    }
                    assertThat(answers).noneMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
                })));

        assertThat(lines.stream().filter(LogTest::isRefusal)).hasSizeGreaterThanOrEqualTo(nasty.size());
        lines.forEach(line -> assertUnbroken(format, line));
    }

    private static void untilAnotherIsLogged(ServerProcess server, Runnable refused) {
        long before = server.lines().stream().filter(LogTest::isRefusal).count();
        repeatUntil(() -> server.lines().stream().filter(LogTest::isRefusal).count() > before, refused);
    }

    /** Does it again and again until it is logged: of each kind of refusal the server logs one a second. */
    private static void repeatUntil(BooleanSupplier isLogged, Runnable refused) {
        refused.run();
        while (!isLogged.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            refused.run();
        }
    }

    private static boolean isRefusal(String line) {
        return line.contains("refused");
    }

    private static void assertUnbroken(String format, String line) {
        if (format.equals("json")) {
            assertThat(STRICT.readTree(line).isObject()).as(line).isTrue();
            assertThat(line).matches("[^\\p{Cntrl}]*");
        } else {
            assertThat(line).matches(LINE);
            assertThat(line).doesNotContain("\u0085", "\u2028", "\u202e");
            assertThat(QUOTED.matcher(line).replaceAll("")).doesNotContain(" evil", " app=evil");
        }
    }

    @Test
    void refusalsAreLoggedNowAndThenHoweverManyThereAre() {
        List<String> lines = lines("text", "info", server -> {
            for (int i = 0; i < 500; i++) {
                try (RawClient client = RawClient.tcp(server.port())) {
                    client.send("GET /\u001b[31m HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
                    client.readAll();
                }
            }
        });

        assertThat(lines.stream().filter(line -> line.contains("refused"))).hasSizeBetween(1, 30);
    }

    @Test
    void whoIsTurnedAwayIsToldTheCodeAndTheOperatorTheReason() {
        SecretKey unknown = new SecretKey("sk_id_none", KEY.secret(), KeyRights.all());
        long now = Instant.now().getEpochSecond();
        Map<String, String> refusals = Map.of(
                "key=pk_none",
                "unknown publishable key",
                "key=pk_public",
                "the key may not be used by pages of this origin",
                "token=x",
                "not a token: not three parts",
                "token=" + token("alice", 600) + "A",
                "a token with a false signature",
                "token=" + token("alice", -600),
                "token_expired",
                "token=" + signed(now + 600, now + 700, KEY),
                "a token from the future: compare the clocks",
                "token=" + signed(now, now + 600, unknown),
                "a token of an unknown secret key");
        List<String> lines = lines("text", "info", server -> {
            refusals.forEach((credential, reason) ->
                    repeatUntil(() -> server.lines().stream().anyMatch(line -> line.contains(reason)), () -> {
                        try (RawClient client = RawClient.open(server.port(), "/v1?" + credential)) {
                            assertThat(client.read()).startsWith("close 400");
                        }
                    }));
            List<String> answers = new ArrayList<>();
            ask(server, answers, "GET /v1/usage", "Host: localhost\r\nAuthorization: Bearer a:b");
            try (RawClient client = RawClient.tcp(server.port())) {
                client.send(RawClient.handshake("/minimal/a?key=x", "Host: localhost"));
                assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
            }
        });
        for (String reason : refusals.values()) {
            assertThat(lines)
                    .anyMatch(line -> line.matches(".* WARN .* refused 400[12] client=127[.]0[.]0[.]1 path=/v1"
                            + " connection=[0-9]+ origin=-: \\Q" + reason + "\\E.*"));
        }
        assertThat(lines)
                .anyMatch(line -> line.contains("refused 401 client=127.0.0.1 path=/v1/usage host=localhost")
                        && line.endsWith(": an unknown secret key id"))
                .anyMatch(line -> line.contains("refused 403 client=127.0.0.1 path=/minimal/a host=localhost"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void noCredentialEverStandsInIt(String format) {
        String good = token("alice", 600);
        String expired = token("alice", -600);
        String refreshed = token("alice", 700);
        String foreign = IssuerKey.ec("of-the-issuer")
                .token(Forge.claims("alice")
                        .with("iss", "\"https://id.example.com\"")
                        .with("aud", "\"parley\""));
        List<String> answers = new ArrayList<>();
        List<String> lines = lines(format, "debug", server -> {
            for (String query : List.of(
                    "token=" + good, "token=" + expired, "token=" + good + "x", "key=" + CANARY, "key=pk_" + CANARY)) {
                try (RawClient client = RawClient.tcp(server.port())) {
                    client.send(RawClient.handshake("/v1?" + query, "Host: localhost"));
                    answers.add(client.readHead() + client.read());
                }
                ask(server, answers, "GET /v1?" + query, "Host: localhost");
                ask(server, answers, "GET /nowhere?" + query, "Host: localhost");
                ask(server, answers, "GET /?" + query, "Host: a\r\nHost: b");
                ask(server, answers, "GET /minimal/a?" + query, "Host: localhost\r\nUpgrade: websocket");
            }
            for (String bearer : List.of(good, "sk_id_log:" + KEY.secret().value(), "sk_id_log:" + CANARY, CANARY)) {
                ask(server, answers, "GET /v1/usage", "Host: localhost\r\nAuthorization: Bearer " + bearer);
                ask(server, answers, "POST /v1/tokens", "Host: localhost\r\nAuthorization: Bearer " + bearer);
                ask(server, answers, "GET /v1/elsewhere", "Host: a\r\nHost: b\r\nAuthorization: Basic " + bearer);
            }
            try (RawClient client = RawClient.tcp(server.port())) {
                client.send(
                        RawClient.handshake("/v1", "Host: localhost", "Sec-WebSocket-Protocol: v1, bearer." + good));
                answers.add(client.readHead() + client.read());
                for (String token : List.of(refreshed, expired, foreign, good + "x")) {
                    client.text("{\"type\":\"refresh\",\"requestId\":\"r\",\"token\":\"" + token + "\"}");
                    answers.add(client.read());
                }
            }
            try (RawClient client = RawClient.tcp(server.port())) {
                String resuming = "parley.v1, bearer." + good + ", resume." + CANARY + ".3";
                client.send(RawClient.handshake("/v1", "Host: localhost", "Sec-WebSocket-Protocol: " + resuming));
                answers.add(client.readHead());
                assertThat(client.read()).contains("\"reason\":\"unknown\"");
            }
            ask(server, answers, RawClient.handshake("/v1?token=" + foreign, "Host: localhost"));
            ask(server, answers, "GET /v1/ice-servers?token=" + foreign, "Host: localhost");
            for (String key : List.of("minimal_" + CANARY, "minimal_" + CANARY + "x")) {
                try (RawClient client = RawClient.tcp(server.port())) {
                    client.send(RawClient.handshake("/minimal/a?key=" + key, "Host: localhost"));
                    answers.add(client.readHead());
                }
            }
        });

        List<String> all = new ArrayList<>(lines);
        all.addAll(answers);
        for (String text : all) {
            assertThat(text)
                    .doesNotContain(
                            CANARY, signature(good), signature(expired), signature(refreshed), signature(foreign));
        }
        assertThat(lines).anyMatch(line -> line.contains("connect app=log peer=alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void whatIsMadeForClientsStandsInItNoMoreThanWhatItIsMadeOf(String format) {
        String bearer = "Host: localhost\r\nAuthorization: Bearer sk_id_log:"
                + KEY.secret().value();
        List<String> made = new ArrayList<>();
        List<String> lines = lines(format, "debug", server -> {
            String body = "{\"peerId\":\"carol\",\"metadata\":{\"note\":\"" + CANARY + "\"}}";
            List<String> answers = new ArrayList<>();
            ask(
                    server,
                    answers,
                    "POST /v1/tokens",
                    bearer + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
            ask(server, answers, "GET /v1/ice-servers", bearer);
            assertThat(answers).allMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
            made.add(signature(field(answers.getFirst(), "token")));
            made.add(field(answers.getLast(), "credential"));
            try (RawClient client = RawClient.open(server.port(), "/v1?token=" + field(answers.getFirst(), "token"))) {
                String welcome = client.read();
                assertThat(welcome).contains("\"note\":\"" + CANARY + "\"");
                made.add(field(welcome, "credential"));
            }
            answers.forEach(answer ->
                    assertThat(answer).doesNotContain(TURN_SECRET, KEY.secret().value()));
        });

        assertThat(lines).anyMatch(line -> line.contains("connect app=log peer=carol"));
        for (String line : lines) {
            assertThat(line).doesNotContain(CANARY).doesNotContain(made);
        }
    }

    /** The value of this field, which is a text. */
    private static String field(String json, String name) {
        String value = json.replaceFirst("(?s).*\"" + name + "\":\"", "").replaceFirst("(?s)\".*", "");
        assertThat(value).hasSizeGreaterThan(20);
        return value;
    }

    private static void ask(ServerProcess server, List<String> answers, String handshake) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(handshake);
            String head = client.readHead();
            answers.add(head.startsWith("HTTP/1.1 101 ") ? head + client.read() : head + client.readAll());
        }
    }

    private static void ask(ServerProcess server, List<String> answers, String request, String headers) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
            answers.add(client.readAll());
        }
    }

    private static void comeAndGo(ServerProcess server, String peer) {
        try (RawClient client = RawClient.tcp(server.port()).upgrade("/v1?token=" + token(peer, 600))) {
            assertThat(client.read()).startsWith("text {\"type\":\"welcome\"");
            client.send(RawClient.closeFrame(1000, "\u001b[31m evil"));
            assertThat(client.read()).startsWith("close");
        }
    }

    private static void putOut(ServerProcess server, String peer) {
        String path =
                "/v1/peers/" + URLEncoder.encode(peer, StandardCharsets.UTF_8).replace("+", "%20");
        String authorization = "Host: localhost\r\nAuthorization: Bearer sk_id_log:"
                + KEY.secret().value();
        List<String> answers = new ArrayList<>();
        ask(server, answers, "DELETE " + path, authorization);
        assertThat(answers.getFirst()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void anUnknownProxyIsToldOfOnce() {
        List<String> lines = lines("text", "info", server -> {
            for (int i = 0; i < 3; i++) {
                ask(server, new ArrayList<>(), "GET /health", "Host: localhost\r\nX-Forwarded-For: 198.51.100.7");
            }
        });

        assertThat(lines)
                .filteredOn(line -> line.contains("is not among 'proxies'"))
                .hasSize(1);
    }

    /**
     * All that a server with this kind of log prints while it is used, until it has ended; but for the healthy pair.
     */
    private List<String> lines(String format, String level, Use use) {
        Path file = write("""
                apps:
                  - id: log
                    publishableKeys:
                      - {id: pk_public, channels: ["none"], actions: [subscribe], origins: ["https://app.example.com"]}
                    secretKeys:
                      - {id: %s, secret: %s, turn: true}
                    jwks:
                      - {issuer: "https://id.example.com", url: "http://127.0.0.1:1/", audience: parley}
                  - id: healthy
                    publishableKeys:
                      - {id: pk_healthy, channels: ["**"], actions: [send]}
                minimal: {enabled: true, key: minimal_%s}
                iceServers:
                  - {urls: ["turn:turn.example.com"], secret: %s}
                limits: {failuresPerMinutePerIp: 0}
                log: {format: %s, level: %s}
                """.formatted(KEY.id(), KEY.secret().value(), CANARY, TURN_SECRET, format, level));
        ServerProcess server = Built.serve("--config", file.toString());
        try (server;
                HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk_healthy")) {
            use.run(server);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(server.exitCode()).isZero();
        return server.lines().stream()
                .filter(line -> !line.contains(" app=healthy "))
                .toList();
    }

    private Path write(String configuration) {
        try {
            return Files.writeString(Files.createTempFile(folder, "parley", ".yaml"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String token(String peer, long life) {
        long now = Instant.now().getEpochSecond();
        return TokenSigner.sign(new TokenTerms(peer, null, null, now, now + life, null, null), KEY);
    }

    private static String signed(long issuedAt, long expiresAt, SecretKey key) {
        return TokenSigner.sign(new TokenTerms("alice", null, null, issuedAt, expiresAt, null, null), key);
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private static List<String> nastyNames() {
        List<String> names = new ArrayList<>(List.of(
                "x app=evil",
                "\" app=evil",
                "\\\" app=evil",
                "{}",
                "${jndi:ldap://x}",
                "%n%msg",
                "{} {}",
                "'",
                "\\u000a"));
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            byte[] name = new byte[1 + random.nextInt(60)];
            for (int j = 0; j < name.length; j++) {
                name[j] = (byte) (' ' + random.nextInt(95));
            }
            names.add(new String(name, StandardCharsets.US_ASCII));
        }
        return names;
    }

    private interface Use {
        void run(ServerProcess server);
    }
}
