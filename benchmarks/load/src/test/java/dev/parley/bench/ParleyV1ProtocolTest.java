// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** When the clients of a load acknowledge: docs/continuity.md, {@code received}. */
class ParleyV1ProtocolTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new BenchClient(
            0, "room", new ParleyV1Protocol("key", List.of("pk"), false), new WriteBatch(tasks::add), (client, why) -> {
                throw new AssertionError(why);
            }));

    ParleyV1ProtocolTest() {
        receive("HTTP/1.1 101 Switching Protocols\r\n\r\n");
        receiveFrame("{\"type\":\"welcome\",\"peerId\":\"me\"}");
    }

    @Test
    void aClientAcknowledgesAfter64Frames() {
        int sequence = 1;
        for (; sequence < 64; sequence++) {
            receiveSignal(sequence, 1);
        }
        assertThat(sent()).isEmpty();
        receiveSignal(sequence, 1);
        assertThat(sent()).containsExactly("{\"type\":\"received\",\"seq\":64}");
    }

    @Test
    void aClientAcknowledgesAfter256KiB() {
        for (int sequence = 1; sequence < 8; sequence++) {
            receiveSignal(sequence, 65_536 - 20);
        }
        assertThat(sent())
                .containsExactly("{\"type\":\"received\",\"seq\":4}"); // frames of a little more than 64 KiB each
        receiveSignal(8, 65_536 - 20);
        assertThat(sent()).containsExactly("{\"type\":\"received\",\"seq\":8}");
    }

    private void receiveSignal(int sequence, int dataBytes) {
        receiveFrame("{\"seq\":" + sequence + ",\"type\":\"direct\",\"from\":\"bob\",\"data\":\""
                + "x".repeat(dataBytes) + "\"}");
    }

    private void receiveFrame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        channel.writeInbound(Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(127)
                .writeLong(payload.length)
                .writeBytes(payload));
    }

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
        runTasks();
        channel.releaseOutbound();
    }

    /** The texts of the frames sent since the last call. */
    private List<String> sent() {
        runTasks();
        List<String> texts = new ArrayList<>();
        for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            texts.add(unmasked(frame));
            frame.release();
        }
        return texts;
    }

    /** The payload of a short frame. */
    private static String unmasked(ByteBuf frame) {
        byte[] payload = new byte[frame.readableBytes() - 6];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (frame.getByte(6 + i) ^ frame.getByte(2 + (i & 3)));
        }
        return new String(payload, StandardCharsets.UTF_8);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
