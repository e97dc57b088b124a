// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.rawclient.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to an API, which may have a body. */
class BodyTest {

    private static final Duration ADMISSION_TIME = Duration.ofSeconds(1);

    /** Times are kept to a quarter of a second, and the machine may be busy. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private static final int MAX = ClientLimits.defaults().request().bodyBytes();
    private static final String POST = "POST /v1/a HTTP/1.1\r\nHost: a\r\n";
    private static final String LAST = "Connection: close\r\n";

    private static RecordingServer server;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTimeMinimal(() -> server.port());

    @BeforeAll
    static void start() {
        server = RecordingServer.start(
                new LimitsBuilder().admissionTime(ADMISSION_TIME).build());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.forget();
    }

    @ParameterizedTest
    @CsvSource({"0,200", "32768,200", "32769,413", "33792,413", "1000000,413"})
    void aBodyUpToTheLimitIsTakenHoweverItIsSent(int size, String status) {
        String body = "b".repeat(size);

        assertThat(exchange(POST + LAST + "Content-Length: " + size + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 " + status + " ");
        assertThat(exchange(POST + LAST + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, 1000)))
                .startsWith("HTTP/1.1 " + status + " ");
        assertThat(server.seen())
                .hasSize(status.equals("200") ? 2 : 0)
                .allSatisfy(seen -> assertThat(seen.body()).isEqualTo(body));
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotWaitedFor() {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(POST + "Expect: 100-continue\r\nContent-Length: " + (MAX + 1) + "\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void whoAsksWhetherToSendABodyIsToldToGoOnAndAnsweredOnce(String framing) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(POST + LAST + "Expect: 100-continue\r\n" + framing + "\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");

            client.send(framing.endsWith("5") ? "hello" : chunks("hello", 2));
            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ").endsWith("took 5");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/a", "GET /marker", "GET /minimal/a"})
    void whoHasNoBodyToSendIsNotToldToGoOn(String request) {
        assertThat(exchange(request + " HTTP/1.1\r\nHost: a\r\n" + LAST + "Expect: 100-continue\r\n\r\n"))
                .doesNotContain(" 100 ")
                .containsOnlyOnce("HTTP/1.1 ");
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(RawClient.handshake("/minimal/expecting", "Host: a", "Expect: 100-continue"));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void requestsSentTogetherAreAnsweredInOrderEachWithItsOwnBody() {
        String length = POST + "Content-Length: 3\r\n\r\none";
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks("second", 2);
        String none = "GET /v1/a HTTP/1.1\r\nHost: a\r\n\r\n";

        assertThat(exchange(length + chunked + none + length + RawRequest.MARKER))
                .containsSubsequence("took 3", "took 6", "took 0", "took 3", "page /marker");
        assertThat(server.seen().stream().map(RecordingServer.Seen::toString))
                .containsExactly("POST /v1/a one", "POST /v1/a second", "GET /v1/a", "POST /v1/a one", "GET /marker");
    }

    @Test
    void requestsCutAtAnyByteAreTheSameRequests() {
        String all = POST + "Content-Length: 3\r\n\r\none" + POST + "Transfer-Encoding: chunked\r\n\r\n"
                + chunks("second", 2) + RawRequest.MARKER;
        try (RawClient client = RawClient.tcp(server.port())) {
            for (int i = 0; i < all.length(); i++) {
                client.send(all.substring(i, i + 1));
            }

            assertThat(client.readAll()).containsSubsequence("took 3", "took 6", "page /marker");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\nonly this",
                "Transfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nff\r\nonly this",
                "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
                "Content-Len"
            })
    void aRequestThatDoesNotEndIsClosedByItsDeadline(String part) {
        long begin = System.nanoTime();

        assertThat(exchange(POST + part)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(ADMISSION_TIME, ADMISSION_TIME.plus(LATE));
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void aBodyThatDripsIsClosedByTheDeadlineOfTheWhole() {
        long begin = System.nanoTime();
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(POST + "Content-Length: 1000\r\n\r\n");
            client.drip(new byte[1000], ADMISSION_TIME.dividedBy(5));

            assertThat(client.readAll()).doesNotContain("HTTP/1.1 200");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(ADMISSION_TIME.plus(LATE));
    }

    @Test
    void anAnswerToHeadHasTheLengthOfItsBodyAndNoBody() {
        assertThat(exchange("HEAD /marker HTTP/1.1\r\nHost: a\r\n\r\n" + RawRequest.MARKER))
                .containsSubsequence("content-length: 12", "\r\n\r\nHTTP/1.1 200 ", "\r\n\r\npage /marker")
                .containsOnlyOnce("page /marker");
    }

    private static String exchange(String request) {
        try (RawClient client = RawClient.tcp(server.port())) {
            client.send(request);
            return client.readAll();
        }
    }

    private static String chunks(String body, int size) {
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < body.length(); i += size) {
            String chunk = body.substring(i, Math.min(body.length(), i + size));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }
}
