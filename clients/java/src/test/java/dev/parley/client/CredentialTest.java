// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {

    @Test
    void aCredentialDoesNotShowInALog() {
        assertThat(Credential.key("pk_secret")).hasToString("key");
        assertThat(Credential.token("a.b.c")).hasToString("bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,v1", "a\r\nHost: b", "ä"})
    void whatCouldNotBeAnItemOfTheSubprotocolsIsNone(String value) {
        assertThatThrownBy(() -> Credential.token(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/v1", "localhost", "ws:localhost", "ws:///v1"})
    void whatIsNoAddressOfAWebSocketIsRefused(String server) {
        assertThatThrownBy(() -> ParleyClient.builder(URI.create(server))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"ws://a,ws://a/v1", "ws://a/,ws://a/v1", "wss://a:1/v1,wss://a:1/v1", "ws://a/b/v1,ws://a/b/v1"})
    void anAddressWithoutAPathIsThatOfV1(String given, URI dialed) {
        CompletableFuture<URI> server = new CompletableFuture<>();
        ClientBuilder builder = ParleyClient.builder(URI.create(given))
                .credential(Credential.key("pk"))
                .sockets((uri, items, hearer) -> {
                    server.complete(uri);
                    return new FakeSocket(items, hearer, () -> {});
                });
        try (ParleyClient client = builder.connect((speaker, event) -> {})) {
            assertThat(server.join()).isEqualTo(dialed);
            assertThat(client.closed()).isNotDone();
        }
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        ClientBuilder builder = ParleyClient.builder(URI.create("ws://localhost/v1"));
        assertThatThrownBy(() -> builder.backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxRequests(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.connect((client, event) -> {})).isInstanceOf(IllegalStateException.class);
    }
}
