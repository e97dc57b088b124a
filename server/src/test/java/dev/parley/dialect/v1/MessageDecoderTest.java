// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageDecoderTest {

    private final MessageDecoder decoder = new MessageDecoder(false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "-0.5e+300",
                "1e400",
                "12345678901234567890123456789012345678901234567890",
                "\"\"",
                "\"\\ud800\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000 \u2028 \ud83d\ude00\"",
                "{\"\\ud800\":1,\"a\":2,\"a\":3}",
                "[ 1 ,\t[ ] , { } ]"
            })
    void dataStaysTheBytesItIs(String data) {
        ClientMessage message = decode("{\"data\" : " + data + " ,\"type\":\"publish\"}");

        assertThat(text(((ClientMessage.Publish) message).data())).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "\"x\"",
                "null",
                "{}",
                "{\"a\":1}",
                "{\"type\":5}",
                "{\"type\":null}",
                "{\"type\":\"ping\"} x",
                "{\"type\":\"ping\"}{}",
                "{\"type\":\"ping\",}",
                "{type:\"ping\"}",
                "{,}",
                "{\"type\" \"ping\"}",
                "{\"type\":\"ping\" \"a\":1}",
                "{\"type\":\"pi\nng\"}",
                "{\"type\":\"\\x\"}",
                "{\"type\":\"\\u12\"}",
                "{\"type\":\"\\u12g4\"}",
                "{\"type\":\"ping",
                "{\"type\":\"ping\",\"a\":01}",
                "{\"type\":\"ping\",\"a\":+1}",
                "{\"type\":\"ping\",\"a\":.5}",
                "{\"type\":\"ping\",\"a\":1.}",
                "{\"type\":\"ping\",\"a\":1e}",
                "{\"type\":\"ping\",\"a\":-}",
                "{\"type\":\"ping\",\"a\":NaN}",
                "{\"type\":\"ping\",\"a\":tru}",
                "{\"type\":\"ping\",\"a\":truex}",
                "{\"type\":\"ping\",\"a\":'b'}",
                "{\"type\":\"ping\"/**/}",
                "\ufeff{\"type\":\"ping\"}",
                "{\"type\":\"ping\"}\0",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"ty\\u0070e\":\"ping\"}",
                "{\"type\":\"ping\",\"a\":1,\"a\":1}",
                "{\"type\":\"ping\",\"requestId\":1}",
                "{\"type\":\"ping\",\"requestId\":\"\"}",
                "{\"type\":\"ping\",\"includeSenderMetadata\":truefalse}"
            })
    void whatIsNoMessageIsMalformed(String text) {
        assertThat(decode(text)).isInstanceOf(ClientMessage.Malformed.class);
    }

    @Test
    void dataMayBe64DeepAndNoDeeper() {
        assertThat(decode(nested(64))).isInstanceOf(ClientMessage.Publish.class);
        assertThat(decode(nested(65))).isInstanceOf(ClientMessage.Malformed.class);
        assertThat(decode(nested(20_000))).isInstanceOf(ClientMessage.Malformed.class);
    }

    @Test
    void whatEscapesSayIsUnderstood() {
        String escaped = "\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00\\udfff\u00e9";
        ClientMessage message = decode("{\"type\":\"\\u0073end\",\"to\":\"" + escaped + "\"}");

        assertThat(((ClientMessage.Send) message).to()).isEqualTo("\"\\/\b\f\n\r\tA\ud83d\ude00\udfff\u00e9");
    }

    @Test
    void fieldsOfTheWrongTypeAreTheConversationsAffair() {
        ClientMessage message = decode(
                "{\"type\":\"subscribe\",\"channel\":[\"a\"],\"includeSenderMetadata\":\"true\",\"requestId\":\"r\"}");

        assertThat(message).isEqualTo(new ClientMessage.Subscribe("r", 0, null, false));
    }

    @Test
    void aRequestIdHasUpTo128Characters() {
        assertThat(decode("{\"type\":\"x\",\"requestId\":\"" + "r".repeat(128) + "\"}"))
                .isEqualTo(new ClientMessage.Unknown("r".repeat(128), 0));
        assertThat(decode("{\"type\":\"x\",\"requestId\":\"" + "r".repeat(129) + "\"}"))
                .isEqualTo(new ClientMessage.Malformed());
    }

    private ClientMessage decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return decoder.decode(Payload.of(bytes));
    }

    private static String nested(int depth) {
        return "{\"type\":\"publish\",\"data\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    }

    private static String text(@Nullable Payload payload) {
        return new String(requireNonNull(payload).copy(), StandardCharsets.UTF_8);
    }
}
