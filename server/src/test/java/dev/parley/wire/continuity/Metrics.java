// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.continuity;

import dev.parley.wire.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What operators see. */
final class Metrics {

    private Metrics() {}

    static String scrape(TestServer server) {
        URI page = URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
