// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A frame made of another one, whatever the length of its header was and becomes. */
class BegunFrameTest {

    private final WebSocketFrames frames = new WebSocketFrames(new FrameEncoder(UnpooledByteBufAllocator.DEFAULT));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 117, 118, 119, 125, 126, 127, 65_520, 65_528, 65_535, 65_536, 100_000})
    void hasTheHeaderOfItsLengthAndBothTexts(int length) {
        String text = "x".repeat(length);
        Frame shared = frames.text(bytes("{" + text));
        Frame begun = frames.begun(bytes("{\"seq\":7,"), 1, shared.retain());

        assertThat(hex(begun)).isEqualTo(hex(frames.text(bytes("{\"seq\":7," + text))));
        assertThat(hex(shared)).isEqualTo(hex(frames.text(bytes("{" + text))));
    }

    private static Payload bytes(String text) {
        return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(Frame frame) {
        EmbeddedChannel channel = new EmbeddedChannel();
        WebSocketFrames.write(frame, channel);
        channel.flush();
        StringBuilder hex = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        channel.finish();
        return hex.toString();
    }
}
