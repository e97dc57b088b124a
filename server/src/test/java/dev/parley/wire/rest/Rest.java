// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A back end. Every answer it gets is held against openapi.json, and must show no secret and nothing to pages of other
 * origins.
 *
 * @param authorization its Authorization headers
 */
record Rest(int port, Contract contract, List<String> authorization) {

    /** One that shows nothing. */
    static Rest at(int port) {
        return new Rest(port, new Contract(document(port)), List.of());
    }

    private static JsonNode document(int port) {
        try (RawClient client = RawClient.tcp(port)) {
            client.send("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return new Answer(client.readAll()).json();
        }
    }

    /** The same with these Authorization headers. */
    Rest showing(String... headers) {
        return new Rest(port, contract, List.of(headers));
    }

    /** The same with this key. */
    Rest as(TestApps.Key key) {
        return showing("Bearer " + key.credential());
    }

    Answer get(String target) {
        return ask("GET", target, "");
    }

    Answer delete(String target) {
        return ask("DELETE", target, "");
    }

    Answer post(String target, String body, String... headers) {
        return ask("POST", target, body, headers);
    }

    /** Asks, with these header lines. */
    Answer ask(String method, String target, String body, String... headers) {
        Answer answer = askUnchecked(method, target, body, headers);
        contract.check(method, target, answer);
        assertThat(answer.header("content-type")).containsExactly("application/json");
        assertThat(answer.header("cache-control")).containsExactly("no-store");
        assertThat(answer.text()).doesNotContainIgnoringCase("access-control-");
        assertThat(answer.text()).doesNotContain(TestApps.CANARY);
        return answer;
    }

    private Answer askUnchecked(String method, String target, String body, String... headers) {
        List<String> lines = new ArrayList<>(List.of(headers));
        authorization.forEach(value -> lines.add("Authorization: " + value));
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        try (RawClient client = RawClient.tcp(port)) {
            client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                    + length + "\r\n"
                    + String.join("", lines.stream().map(line -> line + "\r\n").toList()) + "\r\n");
            if (length <= TestApps.MAX_BODY) { // a larger one is refused at its head
                client.send(body);
            }
            return new Answer(client.readAll());
        }
    }
}
