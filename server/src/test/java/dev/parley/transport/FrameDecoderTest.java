// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.MessageLimits;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Payload;
import dev.parley.rawclient.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class FrameDecoderTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final Recorder recorder = new Recorder();
    private final FrameDecoder decoder = new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), recorder);

    @Test
    void readsTheSameHoweverTheBytesAreCut() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] stream = randomStream(random);
            Recorder whole = new Recorder();
            Recorder cut = new Recorder();
            feed(new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), whole), stream, stream.length);
            feedInPieces(new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), cut), stream, random);

            assertThat(cut.heard).as("case %d", i).isEqualTo(whole.heard);
            assertThat(whole.heard).isNotEmpty();
        }
    }

    @Test
    void readsTheSameHoweverOftenTheReaderPauses() {
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            byte[] stream = randomStream(random);
            Recorder whole = new Recorder();
            Recorder paused = new Recorder();
            feed(new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), whole), stream, stream.length);
            FrameDecoder pausing = new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), paused);
            paused.onText = () -> paused.isPaused = true;
            feedInPieces(pausing, stream, random);
            while (paused.isPaused) {
                paused.isPaused = false;
                pausing.resume();
            }

            assertThat(paused.heard).as("case %d", i).isEqualTo(whole.heard);
            pausing.stop();
        }
    }

    @Test
    void reportsWhatItHoldsWhileSomethingIsUnfinishedAndNothingAfterwards() {
        Random random = new Random(5);
        int held = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] stream = randomStream(random);
            byte[] part = Arrays.copyOf(stream, random.nextInt(stream.length + 1));
            Recorder cut = new Recorder();
            cut.mayHold = random.nextInt(10) == 0 ? 10 : Integer.MAX_VALUE;
            FrameDecoder cutDecoder = new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), cut);
            feedInPieces(cutDecoder, part, random);
            held += cut.held > 0 ? 1 : 0;

            assertThat(cut.held > 0).as("case %d", i).isEqualTo(cutDecoder.isUnfinished());
            cutDecoder.stop();
            assertThat(cut.held).as("case %d", i).isZero();
        }
        assertThat(held).isPositive();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void closesWhenItMayHoldNoMore() {
        recorder.mayHold = 1000;
        byte[] frame = RawClient.frame(0x81, text("x".repeat(5000)));
        feed(decoder, Arrays.copyOf(frame, 900), 900);
        assertThat(recorder.heard).isEmpty();
        feed(decoder, Arrays.copyOfRange(frame, 900, 2000), 1100);

        assertThat(recorder.heard).containsExactly("broken 1013 server busy");
        assertThat(recorder.held).isZero();
    }

    @Test
    void handlesNothingWhileTheReaderPausesAndKeepsNoMoreThanTheRest() {
        recorder.onText = () -> recorder.isPaused = true;
        byte[] frame = RawClient.frame(0x81, text("x".repeat(100)));
        int rest = 99 * frame.length;
        byte[] stream = new byte[rest + frame.length];
        for (int i = 0; i < 100; i++) {
            System.arraycopy(frame, 0, stream, i * frame.length, frame.length);
        }
        feed(decoder, stream, stream.length);

        assertThat(recorder.heard).hasSize(1);
        assertThat(usedBytes()).isBetween((long) rest, 2L * rest);
        decoder.stop();
        assertThat(usedBytes()).isZero();
    }

    @Test
    void holdsNothingBetweenMessagesAndGivesBackWhatItHeldWhenStopped() {
        feed(decoder, concat(RawClient.frame(0x81, text("whole")), RawClient.frame(0x01, text("part"))), 100);
        assertThat(decoder.isUnfinished()).isTrue();
        feed(decoder, Arrays.copyOf(RawClient.frame(0x80, text("the end of it")), 8), 100);
        assertThat(decoder.isUnfinished()).isTrue();

        decoder.stop();

        assertThat(decoder.isUnfinished()).isFalse();
        assertThat(usedBytes()).isZero();
    }

    @Test
    void aMessageThatArrivesWholeLeavesNothingBehind() {
        feed(decoder, concat(RawClient.frame(0x01, text("a")), RawClient.frame(0x80, text("b"))), 3);

        assertThat(recorder.heard).containsExactly("text ab");
        assertThat(decoder.isUnfinished()).isFalse();
        assertThat(usedBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "c1 80 00000000, 1002 reserved bits set",
        "a1 80 00000000, 1002 reserved bits set",
        "91 80 00000000, 1002 reserved bits set",
        "81 00, 1002 frame not masked",
        "83 80 00000000, 1002 reserved opcode",
        "87 80 00000000, 1002 reserved opcode",
        "8b 80 00000000, 1002 reserved opcode",
        "8f 80 00000000, 1002 reserved opcode",
        "80 80 00000000, 1002 continuation without a beginning",
        "01 80 00000000 81 80 00000000, 1002 message begins inside another",
        "09 80 00000000, 1002 control frame too long or fragmented",
        "08 80 00000000, 1002 control frame too long or fragmented",
        "89 fe 007e 00000000, 1002 control frame too long or fragmented",
        "81 fe 007d 00000000, 1002 length not in its shortest form",
        "81 ff 000000000000ffff 00000000, 1002 length not in its shortest form",
        "81 ff 8000000000000000 00000000, 1002 length with its top bit set",
        "82 ff ffffffffffffffff 00000000, 1002 length with its top bit set",
        "82 ff 7fffffffffffffff 00000000, 1009 message too big",
        "81 ff 0000000000011001 00000000, 1009 message too big",
        "88 81 00000000 03, 1002 invalid close code",
        "88 82 00000000 03e7, 1002 invalid close code",
        "88 83 00000000 03e8ff, 1007 invalid UTF-8",
        "81 81 00000000 ff, 1007 invalid UTF-8",
        "81 82 00000000 e282, 1007 invalid UTF-8",
        "01 81 00000000 e2 80 81 00000000 41, 1007 invalid UTF-8"
    })
    void aBrokenRuleIsToldWithItsCodeAndEverythingBehindItIsDropped(String bytes, String code) {
        byte[] broken = java.util.HexFormat.of().parseHex(bytes.replace(" ", ""));

        feed(decoder, concat(broken, RawClient.frame(0x81, text("behind"))), 1000);
        feed(decoder, RawClient.frame(0x81, text("later")), 1000);

        assertThat(recorder.heard).containsExactly("broken " + code);
        assertThat(usedBytes()).isZero();
    }

    @Test
    void nothingIsKeptOfAFrameThatOnlyAnnouncesItsSize() {
        feed(decoder, new byte[] {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 9, 9, 9, 9}, 100);

        assertThat(usedBytes()).isLessThan(1024);
    }

    @Test
    void aReaderThatStopsTheDecoderHearsNothingMore() {
        Recorder stopping = new Recorder();
        FrameDecoder stopped = new FrameDecoder(MessageLimits.defaults(), allocator, scratch(), stopping);
        stopping.onText = stopped::stop;

        feed(stopped, concat(RawClient.frame(0x81, text("one")), RawClient.frame(0x81, text("two"))), 1000);

        assertThat(stopping.heard).containsExactly("text one");
        assertThat(usedBytes()).isZero();
    }

    private long usedBytes() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    private static byte[] randomStream(Random random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int fragments = 1 + random.nextInt(3);
            boolean isText = random.nextBoolean();
            for (int f = 0; f < fragments; f++) {
                int opcode = f > 0 ? 0 : isText ? 1 : 2;
                byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(200)];
                for (int k = 0; k < payload.length; k++) {
                    payload[k] = (byte) (' ' + k % 90);
                }
                stream.writeBytes(RawClient.frame((f == fragments - 1 ? 0x80 : 0) | opcode, payload));
                if (random.nextInt(4) == 0) {
                    stream.writeBytes(RawClient.frame(0x89, text("p" + f)));
                }
            }
        }
        if (random.nextInt(4) == 0) {
            stream.writeBytes(RawClient.closeFrame(1000, "done"));
        } else if (random.nextInt(4) == 0) {
            stream.write(random.nextInt(256));
        }
        return stream.toByteArray();
    }

    private void feedInPieces(FrameDecoder to, byte[] stream, Random random) {
        int from = 0;
        while (from < stream.length) {
            int length = Math.min(stream.length - from, 1 + random.nextInt(random.nextBoolean() ? 3 : 3000));
            feed(to, Arrays.copyOfRange(stream, from, from + length), length);
            from += length;
        }
    }

    private void feed(FrameDecoder to, byte[] stream, int piece) {
        for (int from = 0; from < stream.length; from += piece) {
            byte[] bytes = Arrays.copyOfRange(stream, from, Math.min(stream.length, from + piece));
            ByteBuf read = allocator.heapBuffer(bytes.length);
            to.decode(read.writeBytes(bytes));
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private static byte[] scratch() {
        return new byte[MessageLimits.defaults().wholeBytes()];
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Recorder implements FrameDecoder.Reader {

        private final List<String> heard = new ArrayList<>();
        private Runnable onText = () -> {};
        private boolean isPaused;
        private int mayHold = Integer.MAX_VALUE;
        private int held;

        @Override
        public boolean hold(int bytes) {
            if (bytes > mayHold) {
                return false;
            }
            held = bytes;
            return true;
        }

        @Override
        public boolean isPaused() {
            return isPaused;
        }

        @Override
        public void text(Payload payload) {
            heard.add("text " + content(payload));
            onText.run();
        }

        @Override
        public void binary(Payload payload) {
            heard.add("binary " + content(payload));
        }

        @Override
        public void ping(Payload payload) {
            heard.add("ping " + content(payload));
        }

        @Override
        public void pong(Payload payload) {
            heard.add("pong");
        }

        @Override
        public void close(int number) {
            heard.add("close " + number);
        }

        @Override
        public void broken(CloseCode code) {
            heard.add("broken " + code.number() + " " + code.reason());
        }

        private static String content(Payload payload) {
            return new String(payload.copy(), StandardCharsets.UTF_8);
        }
    }
}
