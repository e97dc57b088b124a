// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.rawclient.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** From a refusal nobody learns why: unknown, revoked and false credentials get the same bytes. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class RefusalTest {

    @Test
    void everyBadCredentialGetsTheSameBytes() throws InterruptedException {
        try (Tenants tenants = new Tenants()) {
            ServerSettings settings = tenants.builder()
                    .limits(new LimitsBuilder()
                            .closeTime(Duration.ofMillis(100))
                            .failuresPerMinute(0)
                            .build())
                    .build();
            try (TestServer server = TestServer.start(settings);
                    HealthyPair healthy = HealthyPair.ofV1(server.port(), "key=pk_live_two")) {
                SecretKey unknown = new SecretKey("sk_id_none", tenants.key.secret(), tenants.key.rights());
                String good = Forge.token(tenants.narrow, Forge.claims("alice"));
                server.reload(tenants.withoutNarrow());
                List<String> answers = new ArrayList<>();
                for (String query : List.of(
                        "key=pk_live_none",
                        "key=" + tenants.key.id(),
                        "key=",
                        "token=" + Forge.token(unknown, Forge.claims("alice")),
                        "token=" + good,
                        "token=" + Forge.token(Forge.header(tenants.key), Forge.claims("alice"), it -> new byte[32]),
                        "token="
                                + Forge.token(tenants.key, Forge.claims("alice").without("exp")),
                        "token=" + tenants.rsa.token(Forge.claims("alice")),
                        "token=garbage",
                        "x=1")) {
                    answers.add(answer(server, query));
                }

                assertThat(answers).first().asString().contains("101 Switching").endsWith("invalid_token");
                assertThat(answers).containsOnly(answers.getFirst());
            }
        }
    }

    private static String answer(TestServer server, String query) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake("/v1?" + query, "Host: localhost"));
            return client.readAll();
        }
    }
}
