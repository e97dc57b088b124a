// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Gets an issuer's keys by HTTP: no redirects, a bound on time and on size. The client is made on first use. */
final class KeyFetch implements Function<URI, CompletableFuture<String>> {

    /** Within the time a client waits for its welcome. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 256 << 10;

    /** Made once, on first use. */
    private static final class Client {
        static final HttpClient HTTP = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(PATIENCE)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public CompletableFuture<String> apply(URI url) {
        // Making the client takes a while, and no loop waits for it.
        return CompletableFuture.supplyAsync(
                        () -> Client.HTTP, task -> Thread.ofVirtual().start(task))
                .thenCompose(http -> fetch(http, url));
    }

    private static CompletableFuture<String> fetch(HttpClient http, URI url) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BYTES));
        CompletableFuture<String> text = response.copy()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) // the request's own ends with the header
                .thenCompose(KeyFetch::body);
        text.whenComplete((it, failure) -> response.cancel(true));
        return text;
    }

    private static CompletableFuture<String> body(HttpResponse<String> response) {
        return response.statusCode() == 200
                ? CompletableFuture.completedFuture(response.body())
                : CompletableFuture.failedFuture(new IOException("status " + response.statusCode()));
    }
}
