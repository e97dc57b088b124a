// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients the minimal protocol admits where a configuration says so: docs/protocol.md, "Minimal". */
class MinimalAdmissionTest {

    private static final String APP =
            "apps: [{id: a, publishableKeys: [{id: pk, channels: [\"**\"], actions: [send]}]}]\n"
                    + "limits: {failuresPerMinutePerIp: 0}\n";

    private static TestServer listed;
    private static TestServer keyed;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> listed.port(), "key=pk");

    @RegisterExtension
    private static final Healthy OTHERS_HEALTHY = Healthy.allTheTime(() -> keyed.port(), "key=pk");

    @BeforeAll
    static void start(@TempDir Path folder) {
        listed = TestServer.configured(
                folder,
                APP + "minimal: {enabled: true, origins: [\"https://app.example.com\", \"http://localhost:3000\"]}\n");
        keyed = TestServer.configured(folder, APP + "minimal: {enabled: true, key: open sesame}\n");
    }

    @AfterAll
    static void stop() {
        listed.close();
        keyed.close();
    }

    static List<List<String>> foreign() {
        List<List<String>> foreign = new ArrayList<>(OriginTest.foreign());
        foreign.removeIf(List.of("Origin: http://[::1]:3000")::equals);
        foreign.add(List.of("Origin: http://localhost"));
        foreign.add(List.of("Origin: http://localhost:30000"));
        return foreign;
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void aForeignPageAndWhoNamesNoneIsRefused(List<String> origin) {
        for (String target : List.of("/", "/minimal/room")) {
            assertThat(answer(listed, target, origin)).startsWith("HTTP/1.1 403 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com", "http://localhost:3000"})
    void aPageOfTheListIsLetIn(String origin) {
        for (String target : List.of("/", "/minimal/room")) {
            assertThat(answer(listed, target, List.of("Origin: " + origin))).startsWith("HTTP/1.1 101 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?key",
                "?key=",
                "?key=open",
                "?key=open%20sesame%20",
                "?key=Open%20sesame",
                "?key=open%2520sesame",
                "?key=null",
                "?key=pk",
                "?Key=open%20sesame",
                "?token=open%20sesame"
            })
    void aWrongKeyAndNoneIsRefused(String query) {
        for (String path : List.of("/", "/minimal/room")) {
            assertThat(answer(keyed, path + query, List.of("Origin: https://app.example.com")))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void theKeyOpensItFromAnyPageAndFromNone() {
        for (List<String> origin : List.of(List.<String>of(), List.of("Origin: https://evil.example"))) {
            assertThat(answer(keyed, "/minimal/room?key=open%20sesame", origin)).startsWith("HTTP/1.1 101 ");
            assertThat(answer(keyed, "/?key=open%20sesame", origin)).startsWith("HTTP/1.1 101 ");
        }
    }

    private static String answer(TestServer server, String target, List<String> headers) {
        List<String> lines = new ArrayList<>(headers);
        lines.add("Host: localhost");
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake(target, lines.toArray(String[]::new)));
            return client.readHead();
        }
    }
}
