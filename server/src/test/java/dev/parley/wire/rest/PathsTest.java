// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static dev.parley.wire.rest.TokensTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.wire.Healthy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not an operation is not there: docs/rest.md. */
class PathsTest {

    private static RestServer server;
    private static Rest acme;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTime(() -> server.port(), "key=" + TestApps.PUBLISHABLE);

    @BeforeAll
    static void start() {
        server = new RestServer();
        acme = server.as(TestApps.ACME);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/",
                "/v1//",
                "/v1//usage",
                "/v1/usage/",
                "/v1/usage.",
                "/v1/usage;x=1",
                "/v1/usage%00",
                "/v1/usage%20",
                "/v1/us%61ge",
                "/v1/%75sage",
                "/v1/./usage",
                "/v1/x/../usage",
                "/v1/%2e/usage",
                "/v1/x/%2e%2e/usage",
                "/v1/Usage",
                "/v1/usage/x",
                "/v1/channels/",
                "/v1/channels/peers",
                "/v1/channels/room-1",
                "/v1/channels/room-1/",
                "/v1/channels/room-1/peers/",
                "/v1/channels/room-1/peers.",
                "/v1/channels/room-1/%70eers",
                "/v1/channels/room-1%2Fpeers",
                "/v1/channels//room-1/peers;",
                "/v1/peers/",
                "/v1/peers/alice",
                "/v1/nothing"
            })
    void aPathThatOnlyLooksLikeOneIs404ForEveryone(String path) {
        Answer answer = acme.get(path);
        assertRefused(answer, 404, "not_found");
        assertThat(Rest.at(server.port()).get(path).text()).isEqualTo(answer.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/peers/alice/",
                "/v1/peers/a/b",
                "/v1/peers//alice",
                "/v1/peers/../usage",
                "/v1/peers/alice/send"
            })
    void noPathWithSlashesPutsAnyoneOut(String path) {
        assertRefused(acme.delete(path), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "POST", "DELETE", "CONNECTS", "get", "Get"})
    void anyOtherMethodIs404(String method) {
        String head = method + " /v1/usage HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + TestApps.ACME.credential() + "\r\nOrigin: https://app.example.com\r\n"
                + "Access-Control-Request-Method: GET\r\n\r\n";
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(head);

            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 404 ")
                    .doesNotContain(TestApps.CANARY)
                    .doesNotContainIgnoringCase("access-control");
        }
    }

    @Test
    void noHeaderOrParameterStandsForTheMethod() {
        assertThat(acme.ask("GET", "/v1/usage?_method=DELETE", "", "X-HTTP-Method-Override: DELETE")
                        .status())
                .isEqualTo(200);
        assertRefused(
                acme.ask("POST", "/v1/peers/alice?_method=DELETE", "_method=DELETE", "X-HTTP-Method-Override: DELETE"),
                404,
                "not_found");
    }

    @Test
    void aQueryChangesNothingWhereNoneIsTaken() {
        assertThat(acme.get("/v1/usage?limit=0&x=%zz").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json",
                "Content-Type: application/json; charset=UTF-8",
                "Content-Type: application/json;charset=\"utf-8\"",
                "Content-Type: text/plain",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type:",
                "X-None: 1"
            })
    void aBodyIsJsonWhateverItSaysItIs(String header) {
        assertThat(acme.post("/v1/tokens", "{\"peerId\":\"a\"}", header).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Type: application/json; charset=iso-8859-1", "Content-Type: text/json; Charset=utf-16"})
    void aBodyThatSaysItIsNotUtf8Is400(String header) {
        assertRefused(acme.post("/v1/tokens", "{\"peerId\":\"a\"}", header), 400, "invalid_request");
    }

    @Test
    void aBodyOf32KiBIsReadAndALargerOneIs413() {
        String frame = "{\"data\":\"\"}";
        String largest = "{\"data\":\"" + "x".repeat(TestApps.MAX_BODY - frame.length()) + "\"}";
        assertThat(acme.post("/v1/channels/room-1/publish", largest).status()).isEqualTo(200);
        assertRefused(acme.post("/v1/channels/room-1/publish", largest + " "), 413, "invalid_request");
    }

    @ParameterizedTest
    @CsvSource({"100000000", "33793"})
    void aBodyThatIsOnlyAnnouncedTooLargeIs413(int length) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send("POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
        }
    }
}
