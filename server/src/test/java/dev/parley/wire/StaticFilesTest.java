// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.boot.BuildInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the browser client and the files of the pages are sent: compressed, and not again to those who have them. */
class StaticFilesTest {

    private static final String CLIENT = "/parley.js";
    private static final String RELEASED_CLIENT = "/parley-" + BuildInfo.version() + ".js";

    private static TestServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CLIENT,
                "/parley-media.js",
                "/parley-data.js",
                "/",
                "/call.css",
                "/icon.svg",
                "/minimal",
                "/minimal/page.js"
            })
    void aFileIsSentCompressedToThoseWhoTakeItSoAndIsTheSame(String path) throws IOException {
        HttpResponse<byte[]> plain = get(path);
        HttpResponse<byte[]> small = get(path, "Accept-Encoding", "deflate, gzip;q=0.8, br");

        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(small, "Content-Encoding")).isEqualTo("gzip");
        assertThat(small.body()).hasSizeLessThan(plain.body().length);
        assertThat(unzipped(small.body())).isEqualTo(plain.body());
        for (HttpResponse<byte[]> answer : List.of(plain, small)) {
            assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
            assertThat(header(answer, "Content-Type"))
                    .isEqualTo(header(plain, "Content-Type"))
                    .isNotEmpty();
        }
    }

    @Test
    void theBrowserClientIsAThirdOfItsSizeCompressed() {
        assertThat(get(CLIENT, "Accept-Encoding", "gzip").body())
                .hasSizeLessThan(get(CLIENT).body().length * 2 / 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "*", "br,gzip ; q=0.001", "identity;q=0.5, *;q=0.1"})
    void gzipIsSentToThoseWhoTakeIt(String accepted) {
        assertThat(header(get(CLIENT, "Accept-Encoding", accepted), "Content-Encoding"))
                .isEqualTo("gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", "x;y=gzip"})
    void gzipIsNotSentToThoseWhoDoNotTakeIt(String accepted) {
        assertThat(header(get(CLIENT, "Accept-Encoding", accepted), "Content-Encoding"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLIENT, "/", "/page.js", "/minimal/page.css"})
    void whoHasAFileIsNotSentItAgain(String path) {
        for (String accepted : List.of("identity", "gzip")) {
            HttpResponse<byte[]> first = get(path, "Accept-Encoding", accepted);
            String tag = header(first, "ETag");
            assertThat(tag).matches("\"[A-Za-z0-9_-]{16,}\"");
            for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
                HttpResponse<byte[]> again = get(path, "Accept-Encoding", accepted, "If-None-Match", known);
                assertThat(again.statusCode()).as(known).isEqualTo(304);
                assertThat(again.body()).isEmpty();
                for (String name : List.of("ETag", "Cache-Control", "Vary", "Content-Security-Policy")) {
                    assertThat(header(again, name)).as(name).isEqualTo(header(first, name));
                }
                assertThat(header(again, "Content-Length")).isEmpty();
            }
            assertThat(get(path, "Accept-Encoding", accepted, "If-None-Match", "\"other\"")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theTwoFormsOfAFileHaveDifferentTags() {
        assertThat(header(get(CLIENT), "ETag")).isNotEqualTo(header(get(CLIENT, "Accept-Encoding", "gzip"), "ETag"));
    }

    @Test
    void anAnswerWithoutABodyLeavesTheConnectionOpenForTheNext() {
        String tag = header(get(CLIENT), "ETag");
        String request = "GET " + CLIENT + " HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + tag + "\r\n\r\n";
        try (var connection = dev.parley.rawclient.RawClient.tcp(server.port())) {
            connection.send(request + request + "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(connection.readAll())
                    .containsSubsequence("HTTP/1.1 304 ", "HTTP/1.1 304 ", "HTTP/1.1 200 ", "{\"status\":\"ok\"}");
        }
    }

    @Test
    void aHeadRequestHasTheHeaderOfTheGet() {
        for (String accepted : List.of("identity", "gzip")) {
            HttpResponse<byte[]> head = send("HEAD", CLIENT, "Accept-Encoding", accepted);
            HttpResponse<byte[]> get = get(CLIENT, "Accept-Encoding", accepted);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers()).isEqualTo(get.headers());
        }
    }

    @Test
    void theClientIsAskedForAgainAndThatOfAVersionIsNot() {
        assertThat(header(get(CLIENT), "Cache-Control")).isEqualTo("no-cache");
        HttpResponse<byte[]> released = get(RELEASED_CLIENT, "Accept-Encoding", "gzip");
        assertThat(released.statusCode()).isEqualTo(200);
        assertThat(header(released, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(released, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(get(RELEASED_CLIENT).body()).isEqualTo(get(CLIENT).body());
        assertThat(get("/parley-media-" + BuildInfo.version() + ".js").body())
                .isEqualTo(get("/parley-media.js").body());
        assertThat(get("/parley-data-" + BuildInfo.version() + ".js").body())
                .isEqualTo(get("/parley-data.js").body());
        assertThat(get("/parley-0.0.9.js").statusCode()).isEqualTo(404);
    }

    @Test
    void theClientIsOfTheVersionOfTheServer() {
        assertThat(new String(get(CLIENT).body(), StandardCharsets.UTF_8)).contains('"' + BuildInfo.version() + '"');
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(Arrays.toString(headers), e);
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }

    private static byte[] unzipped(byte[] gzipped) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            return in.readAllBytes();
        }
    }
}
