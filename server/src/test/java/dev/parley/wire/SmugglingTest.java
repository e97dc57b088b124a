// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.rawclient.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no honest client sends: answered once, or not at all, and never taken for more requests than it is. */
class SmugglingTest {

    private static final Pattern STATUS = Pattern.compile("HTTP/1[.]1 ([0-9]{3}) ");

    private static RecordingServer server;

    @RegisterExtension
    private static final Healthy HEALTHY = Healthy.allTheTimeMinimal(() -> server.port());

    @BeforeAll
    static void start() {
        server = RecordingServer.start(ClientLimits.defaults());
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
    @MethodSource
    void aRequestIsAnsweredAsOneOrRefusedWithWhatFollows(RawRequest request) {
        String answers = exchange(latin(request.text() + RawRequest.MARKER));

        assertThat(statuses(answers)).isEqualTo(request.statuses());
        assertThat(paths()).doesNotContain("/hidden");
        assertThat(paths()).hasSize(request.statuses().split("200", -1).length - 1);
    }

    static List<RawRequest> aRequestIsAnsweredAsOneOrRefusedWithWhatFollows() {
        return Stream.concat(RawRequest.all().stream(), RawRequest.large().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void behindAGoodRequestItIsReadNoLessStrictly(RawRequest request) {
        String answers = exchange(latin(RawRequest.FIRST + request.text() + RawRequest.MARKER));

        assertThat(statuses(answers)).isEqualTo("200 " + request.statuses());
        assertThat(paths()).doesNotContain("/hidden");
    }

    @ParameterizedTest
    @MethodSource("all")
    void howItIsCutIntoPacketsDoesNotMatter(RawRequest request) {
        byte[] all = latin(request.text() + RawRequest.MARKER);
        byte[][] bytes = new byte[all.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = new byte[] {all[i]};
        }

        assertThat(statuses(exchange(bytes))).isEqualTo(request.statuses());
        assertThat(paths()).doesNotContain("/hidden");
    }

    static List<RawRequest> all() {
        return RawRequest.all();
    }

    private static String exchange(byte[]... parts) {
        try (RawClient client = RawClient.tcp(server.port())) {
            for (byte[] part : parts) {
                client.send(part);
            }
            return client.readAll();
        }
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> paths() {
        return server.seen().stream().map(seen -> seen.request().path()).toList();
    }

    private static String statuses(String answers) {
        return STATUS.matcher(answers).results().map(status -> status.group(1)).collect(Collectors.joining(" "));
    }
}
