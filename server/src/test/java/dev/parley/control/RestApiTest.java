// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.RequestLimits;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.core.access.App;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Frame;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SharedReplies;
import dev.parley.core.relay.AppDirectories;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How often a secret key may be used, for whatever it is used. */
class RestApiTest {

    private static final String SECRET = "a secret that is long enough to sign with";
    private static final int BURST = 5;

    private final KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system());
    private final SimulatedFrames frames = new SimulatedFrames();
    private final AppDirectories directories =
            new AppDirectories(() -> 0, Duration.ZERO, it -> Terms.unlimited(), Terms.heap());
    private final SimulatedLoop loop = new SimulatedLoop();
    private long now;
    private final RestApi api = new RestApi(
            new ApiCredentials(keys, keys, ArrivalThrottle.NONE),
            directories,
            IceServers.NONE,
            SharedReplies.NONE,
            InstantSource.system(),
            () -> now,
            new ApiSettings(RequestLimits.defaults().withRate(1, BURST), Optional.empty()));

    private Frame frame() {
        return frames.text(TextPayload.of("x"));
    }

    @BeforeEach
    void configure() {
        keys.reload(List.of(app("a", "sk_a", "sk_a2"), app("b", "sk_b")));
    }

    private static AppSettings app(String id, String... secretKeys) {
        return AppSettings.of(
                id,
                List.of(),
                Stream.of(secretKeys)
                        .map(key -> new SecretKey(key, new Secret(SECRET), KeyRights.all()))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationCountsAndIsRefusedWhenTheKeyHasMadeTooManyRequests(String operation) {
        useUp("sk_a");

        HttpReply refused = ask("sk_a", operation, "{}");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("Retry-After", "1");
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(ask("sk_a", operation, "{}").status()).isNotEqualTo(429);
        assertThat(ask("sk_a", "GET /v1/usage", "").status()).isEqualTo(429);
    }

    static Stream<String> operations() {
        return ApiEndpointsTest.all().stream()
                .map(endpoint -> endpoint.toString().replaceFirst("[{].*[}]", "x"));
    }

    @Test
    void neitherAnotherKeyOfTheAppNorAnotherAppPaysForAKey() {
        useUp("sk_a");

        assertThat(ask("sk_a", "GET /v1/usage", "").status()).isEqualTo(429);
        assertThat(ask("sk_a2", "GET /v1/usage", "").status()).isEqualTo(200);
        assertThat(ask("sk_b", "GET /v1/usage", "").status()).isEqualTo(200);
    }

    @Test
    void aMessageToManyCostsAsMuchAsSeveralRequests() {
        for (int i = 0; i < 100 * (BURST - 1); i++) {
            Session session = new PlainSession(
                    new SimulatedConnection(i, loop, (client, frame) -> {}),
                    new PeerIdentity("p" + i, null),
                    "key",
                    Terms.unlimited(),
                    event -> frame());
            directories
                    .of(new App("a"))
                    .rooms()
                    .join("room", session, MemberInterest.of(false, false), Integer.MAX_VALUE);
        }

        assertThat(ask("sk_a", "POST /v1/channels/room/publish", "{\"data\":1}").status())
                .isEqualTo(200);
        assertThat(ask("sk_a", "GET /v1/usage", "").status()).isEqualTo(429);
        now += TimeUnit.SECONDS.toNanos(BURST);
        assertThat(ask("sk_a2", "POST /v1/channels/room/publish", "{\"data\":\"" + "x".repeat(9_000) + "\"}")
                        .headers())
                .isEmpty();
        assertThat(ask("sk_a2", "GET /v1/usage", "").headers()).containsEntry("Retry-After", "2"); // a burst at most
    }

    private void useUp(String key) {
        for (int i = 0; i < BURST; i++) {
            assertThat(ask(key, "GET /v1/usage", "").status()).isEqualTo(200);
        }
    }

    private HttpReply ask(String key, String operation, String body) {
        String[] words = operation.split(" ", -1);
        ClientRequest request = new ClientRequest(
                words[0],
                words[1],
                "",
                name -> name.equals("authorization") ? List.of("Bearer " + key + ":" + SECRET) : List.of(),
                InetAddress.getLoopbackAddress());
        List<HttpReply> replies = new ArrayList<>();
        api.answer(request, body.getBytes(StandardCharsets.UTF_8), replies::add);
        return replies.getFirst();
    }
}
