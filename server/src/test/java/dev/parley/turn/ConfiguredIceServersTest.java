// SPDX-License-Identifier: Apache-2.0
package dev.parley.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.IceServer;
import dev.parley.config.Secret;
import dev.parley.core.port.IceServers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfiguredIceServersTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long NOW = 1_790_000_000;
    private static final Secret SECRET = new Secret("shared-0123456789abcdef0123456789abcdef");
    private static final IceServer STUN = new IceServer(List.of("stun:stun.example.com:3478"), new IceServer.Open());
    private static final IceServer TURN = new IceServer(
            List.of("turn:turn.example.com:3478", "turns:turn.example.com:5349?transport=tcp"),
            new IceServer.TimeLimited(SECRET, Duration.ofHours(1)));
    private static final IceServer FIXED =
            new IceServer(List.of("turn:other.example.com"), new IceServer.Fixed("user", new Secret("pass\"word")));

    private final ConfiguredIceServers servers =
            new ConfiguredIceServers(InstantSource.fixed(Instant.ofEpochSecond(NOW)));

    @Test
    void theyComeInTheirOrderWithCredentialsATurnServerCanCheckByTheSecretAlone() throws GeneralSecurityException {
        servers.reload(List.of(STUN, TURN, FIXED));
        JsonNode list = JSON.readTree(offer(true, 0).json());

        assertThat(list).hasSize(3);
        assertThat(list.get(0).toString()).isEqualTo("{\"urls\":[\"stun:stun.example.com:3478\"]}");
        JsonNode turn = list.get(1);
        assertThat(turn.path("urls").toString())
                .isEqualTo("[\"turn:turn.example.com:3478\",\"turns:turn.example.com:5349?transport=tcp\"]");
        String username = turn.path("username").asString();
        assertThat(username).matches((NOW + 3600) + ":[0-9a-f]{32}");
        assertThat(turn.path("credential").asString()).isEqualTo(hmac(username));
        assertThat(list.get(2).path("username").asString()).isEqualTo("user");
        assertThat(list.get(2).path("credential").asString()).isEqualTo("pass\"word");
    }

    @Test
    void theyAreGoodForAsLongAsTheTokenAndNeverLongerThanADay() {
        servers.reload(List.of(TURN));

        assertThat(offer(true, 0).expiresAt()).isEqualTo(NOW + 3600);
        assertThat(offer(true, NOW + 60).expiresAt()).isEqualTo(NOW + 3600);
        assertThat(offer(true, NOW + 7200).expiresAt()).isEqualTo(NOW + 7200);
        assertThat(offer(true, NOW + 100 * 3600).expiresAt()).isEqualTo(NOW + 24 * 3600);
        assertThat(offer(true, Long.MAX_VALUE).expiresAt()).isEqualTo(NOW + 24 * 3600);
    }

    @Test
    void whoHasNoTurnGetsWhatAsksForNoCredentials() throws Exception {
        servers.reload(List.of(TURN, STUN, FIXED));

        IceServers.Offer offer = offer(false, 0);
        assertThat(offer.json()).isEqualTo("[{\"urls\":[\"stun:stun.example.com:3478\"]}]");
        assertThat(offer.expiresAt()).isEqualTo(Long.MAX_VALUE);
        servers.reload(List.of(TURN));
        assertThat(servers.offer(false, 0)).isNull();
    }

    @Test
    void noTwoClientsGetTheSameName() {
        servers.reload(List.of(TURN));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            names.add(
                    JSON.readTree(offer(true, 0).json()).get(0).path("username").asString());
        }
        assertThat(names).hasSize(1_000);
    }

    private IceServers.Offer offer(boolean hasTurn, long until) {
        return Objects.requireNonNull(servers.offer(hasTurn, until));
    }

    private static String hmac(String username) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(SECRET.value().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    }
}
