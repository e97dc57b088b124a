// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * v1: legal JSON that Parley refuses, which is no case of the list. It is Parley's own promise in docs/protocol.md,
 * under {@code malformed_message}: a key twice, nested too deep. Another server may take these messages and fail here.
 */
@ExtendWith({ServerUnderTest.class, Healthy.class})
class StrictEnvelopeTest {

    private final Server server;

    StrictEnvelopeTest(Server server) {
        this.server = server;
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                argumentSet("data 65 deep", data("[".repeat(65) + "]".repeat(65))),
                argumentSet("data 65 deep in objects", data("{\"a\":".repeat(65) + "1" + "}".repeat(65))),
                argumentSet("data 10,000 deep", data("[".repeat(10_000) + "]".repeat(10_000))),
                argumentSet(
                        "another field 10,000 deep",
                        "{\"type\":\"ping\",\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"),
                argumentSet("one key twice", "{\"type\":\"send\",\"to\":\"a\",\"to\":\"b\",\"data\":1}"),
                argumentSet("one key twice, escaped", "{\"type\":\"send\",\"to\":\"a\",\"t\\u006f\":\"b\",\"data\":1}"),
                argumentSet("two types", "{\"type\":\"ping\",\"type\":\"ping\"}"),
                argumentSet("two data", "{\"type\":\"send\",\"to\":\"a\",\"data\":1,\"data\":2}"),
                argumentSet("two request ids", "{\"type\":\"ping\",\"requestId\":\"a\",\"requestId\":\"b\"}"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isMalformedAndLeavesTheConnectionOpen(String message) {
        try (Client client = server.connect()) {
            long begin = System.nanoTime();
            client.say(message);

            assertThat(client.hearUncorrelatedError()).isEqualTo("malformed_message");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
            client.hearsNothing();
        }
    }

    private static String data(String value) {
        return "{\"type\":\"publish\",\"channel\":\"x\",\"data\":" + value + "}";
    }
}
