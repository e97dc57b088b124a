// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.port.Payload;
import dev.parley.json.Slice;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fuzzer found is kept beside this test and tried in every build. See CONTRIBUTING.md for how to search on.
 */
class MessageDecoderFuzzTest {

    private static final int MAX_BYTES = 69_632;

    private final MessageDecoder decoder = new MessageDecoder(MAX_BYTES);

    @FuzzTest(maxDuration = "10m")
    void agreesWithAStrictReaderOnWhatIsAMessageAndOnTheBytesOfItsData(byte[] bytes) {
        String text = utf8(bytes);
        if (text == null || bytes.length > MAX_BYTES) {
            return; // the transport lets no such message through
        }
        ClientMessage message = decoder.decode(new Slice(bytes, 0, bytes.length));
        Map<String, String> members;
        try {
            members = StrictJson.members(text, 64);
        } catch (IllegalArgumentException e) {
            assertThat(message).as(e.getMessage()).isInstanceOf(ClientMessage.Malformed.class);
            return;
        }
        if (!members.getOrDefault("type", "").startsWith("\"")) {
            assertThat(message).isInstanceOf(ClientMessage.Malformed.class);
            return;
        }
        if (members.containsKey("requestId")) {
            return; // which ones are good has tests of its own
        }
        assertThat(message).isNotInstanceOf(ClientMessage.Malformed.class);
        if (message instanceof ClientMessage.Publish publish) {
            assertThat(content(publish.data())).isEqualTo(members.get("data"));
        } else if (message instanceof ClientMessage.Send send) {
            assertThat(content(send.data())).isEqualTo(members.get("data"));
        }
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable String content(@Nullable Payload data) {
        if (data == null) {
            return null;
        }
        byte[] bytes = new byte[data.length()];
        data.copyTo(ByteBuffer.wrap(bytes));
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
