// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ProxySettings;
import dev.parley.config.RequestLimits;
import dev.parley.control.ApiCredentials;
import dev.parley.control.ApiSettings;
import dev.parley.control.OpenApi;
import dev.parley.control.RestApi;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SharedReplies;
import dev.parley.core.relay.AppDirectories;
import dev.parley.simulation.Terms;
import dev.parley.transport.ListenerServices;
import dev.parley.transport.NettyTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** openapi.json and the running server say the same. {@link Rest} holds every answer of every test against it too. */
class OpenApiTest {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    private static RestServer server;
    private static Guest alice;

    @BeforeAll
    static void start() {
        server = new RestServer();
        alice = Guest.named(server.as(TestApps.ACME), "alice", "\"peerMetadata\":{\"a\":1}")
                .join("room-1");
    }

    @AfterAll
    static void stop() {
        alice.close();
        server.close();
    }

    @Test
    void everyOperationInTheDocumentIsServedAndNoOtherMethodOfItsPath() {
        Rest nobody = Rest.at(server.port());
        for (Contract.Operation operation : nobody.contract().operations()) {
            String target = target(operation);
            for (String method : METHODS) {
                boolean isDocumented = nobody.contract().operations().stream().anyMatch(it -> it.isAt(method, target));
                assertThat(nobody.ask(method, target, "").status())
                        .as("%s %s", method, target)
                        .isEqualTo(isDocumented ? 401 : 404);
            }
        }
    }

    @Test
    void allReferencesLeadSomewhereAndAllPartsAreUsed() {
        String text = Rest.at(server.port()).contract().document().toString();
        Map<String, Boolean> parts = new TreeMap<>();
        Rest.at(server.port())
                .contract()
                .document()
                .path("components")
                .properties()
                .forEach(kind -> kind.getValue()
                        .propertyNames()
                        .forEach(name -> parts.put("#/components/" + kind.getKey() + "/" + name, false)));
        Pattern.compile("\"\\$ref\":\"([^\"]+)\"").matcher(text).results().forEach(reference -> {
            assertThat(parts).containsKey(reference.group(1));
            parts.put(reference.group(1), true);
        });
        parts.keySet().removeIf(part -> part.startsWith("#/components/securitySchemes/")); // named without a reference
        assertThat(parts).doesNotContainValue(false);
    }

    @ParameterizedTest
    @MethodSource
    void everyDocumentedStatusIsAnswered(Contract.Operation operation, String status) throws IOException {
        Answer answer = provoke(operation, status);

        assertThat(answer.status()).as(answer.text()).isEqualTo(Integer.parseInt(status));
    }

    static Stream<Arguments> everyDocumentedStatusIsAnswered() {
        return Rest.at(server.port()).contract().operations().stream()
                .flatMap(operation -> operation.statuses().stream().map(status -> Arguments.of(operation, status)));
    }

    private static Answer provoke(Contract.Operation operation, String status) throws IOException {
        Rest acme = server.as(TestApps.ACME);
        String target = target(operation);
        return switch (status) {
            case "200" -> ask(acme, operation, target, body(operation));
            case "400" -> ask(acme, operation, wrong(operation), "{");
            case "401" -> ask(Rest.at(server.port()), operation, target, body(operation));
            case "403" ->
                ask(server.as(TestApps.MUTE), operation, target, "{\"peerId\":\"a\",\"permissions\":[\"send\"]}");
            case "404" -> ask(acme, operation, target.replace("alice", "nobody"), body(operation));
            case "413" -> ask(acme, operation, target, "x".repeat(TestApps.MAX_BODY + 1));
            case "409" -> askTwin(operation, keysOfAcme(), ArrivalThrottle.NONE, new Busy());
            case "422" -> {
                String key = "Idempotency-Key: " + operation;
                acme.post(target, "{\"data\":1}", key);
                yield acme.post(target, "{\"data\":2}", key);
            }
            case "429" -> askTwin(operation, new Broken(), new Deaf(), SharedReplies.NONE);
            case "503" -> askTwin(operation, new Broken(), ArrivalThrottle.NONE, SharedReplies.NONE);
            default -> throw new AssertionError("nobody knows how to provoke " + status);
        };
    }

    /** Alice is not to be put out. */
    private static String target(Contract.Operation operation) {
        String peer = operation.method().equals("DELETE") ? "anyone" : "alice";
        return operation.path().replace("{channel}", "room-1").replace("{peerId}", peer);
    }

    private static String body(Contract.Operation operation) {
        return operation.path().equals("/v1/tokens") ? "{\"peerId\":\"a\"}" : "{\"data\":1}";
    }

    private static String wrong(Contract.Operation operation) {
        return operation.path().contains("{")
                ? operation.path().replaceFirst("\\{.*\\}", "%zz")
                : operation.path() + "?limit=0";
    }

    private static Answer ask(Rest rest, Contract.Operation operation, String target, String body) {
        return rest.ask(operation.method(), target, body);
    }

    private static KeyAuthenticator keysOfAcme() {
        KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system());
        keys.reload(List.of(TestApps.acme()));
        return keys;
    }

    /** Asks another server. */
    private static Answer askTwin(
            Contract.Operation operation, BackEnds backEnds, ArrivalThrottle throttle, SharedReplies shared)
            throws IOException {
        try (NettyTransport transport =
                new NettyTransport(ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults())) {
            RestApi api = new RestApi(
                    new ApiCredentials(backEnds, new KeyAuthenticator(InstantSource.system()), throttle),
                    new AppDirectories(() -> 0, Duration.ZERO, it -> Terms.unlimited(), Terms.heap()),
                    IceServers.NONE,
                    shared,
                    InstantSource.system(),
                    System::nanoTime,
                    new ApiSettings(RequestLimits.defaults(), Optional.empty()));
            ListenerServices site = new ListenerServices(
                    List.of(),
                    Map.of(OpenApi.PATH, new OpenApi()),
                    api,
                    ListenerServices.Guests.EVERYONE,
                    throttle,
                    ProxySettings.none(),
                    ServerObserver.NONE);
            int port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), site);
            return Rest.at(port)
                    .as(TestApps.ACME)
                    .ask(operation.method(), target(operation), body(operation), "Idempotency-Key: k");
        }
    }

    /** Another server does every request. */
    private record Busy() implements SharedReplies {

        @Override
        public void take(String app, String key, String request, Consumer<Taken> answer) {
            answer.accept(new Taken.Busy(request));
        }

        @Override
        public void keep(String app, String key, HttpReply reply) {}

        @Override
        public void release(String app, String key) {}
    }

    /** Fails whatever it is asked. */
    private record Broken() implements BackEnds {

        @Override
        public String refusal(String id) {
            throw new IllegalStateException();
        }

        @Override
        public BackEnd authenticate(String id, String secret) {
            throw new IllegalStateException("planted");
        }

        @Override
        public String mint(BackEnd backEnd, TokenTerms terms) {
            throw new IllegalStateException("planted");
        }
    }

    /** Listens to nobody. */
    private record Deaf() implements ArrivalThrottle {

        @Override
        public boolean tryConnect(InetAddress client) {
            return false;
        }

        @Override
        public boolean acceptsSecrets(InetAddress client) {
            return false;
        }

        @Override
        public boolean tryTakeIceServers(InetAddress client) {
            return false;
        }

        @Override
        public void recordFailure(InetAddress client) {}
    }
}
