// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.port.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fuzzer found is kept beside this test and tried in every build. See CONTRIBUTING.md for how to search on.
 */
class MessageDecoderFuzzTest {

    private final MessageDecoder decoder = new MessageDecoder(false);

    @FuzzTest(maxDuration = "10m")
    void agreesWithAStrictReaderOnWhatIsAMessageAndOnTheBytesOfItsData(byte[] bytes) {
        String text = utf8(bytes);
        if (text == null) {
            return; // the transport lets no such message through
        }
        ClientMessage message = decoder.decode(Payload.of(bytes));
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
        return new String(data.copy(), StandardCharsets.UTF_8);
    }
}
