// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.auth.KeyAuthenticator;
import dev.parley.auth.SealedResumeTokens;
import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.relay.NodeBudgets;
import dev.parley.core.session.MemoryBudget;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.dialect.v1.V1Dialect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes into the pipeline of production: HTTP, or frames behind a handshake, cut anywhere. What the fuzzer found is
 * kept beside this test and tried in every build. See CONTRIBUTING.md for how to search on.
 */
class PipelineFuzzTest {

    private static final String HANDSHAKE =
            "GET /v1?key=pk_live_demo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key:"
                    + " AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    private static final byte[] SUBSCRIBE =
            frame(0x81, "{\"type\":\"subscribe\",\"channel\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    private static final byte[] PING = frame(0x81, "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
    private static final String PONG = "{\"type\":\"pong\"}";

    @FuzzTest(maxDuration = "10m")
    void answersInWholeFramesClosesOnceLeaksNothingAndLeavesOthersAlone(FuzzedDataProvider data) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        FrameEncoder encoder = new FrameEncoder(allocator);
        ListenerServices services = services(new WebSocketFrames(encoder));
        EmbeddedChannel witness = open(services, encoder, allocator);
        EmbeddedChannel channel = open(services, encoder, allocator);
        write(witness, HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
        write(witness, SUBSCRIBE);
        boolean isUpgraded = data.consumeBoolean();
        if (isUpgraded) {
            write(channel, HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
            settle(channel, witness);
        }
        boolean isFramed = data.consumeBoolean();
        while (data.remainingBytes() > 0 && channel.isActive()) {
            write(channel, isFramed ? anyFrame(data) : data.consumeBytes(data.consumeInt(1, 300)));
            if (data.consumeBoolean()) {
                settle(channel, witness);
            }
        }
        settle(channel, witness);
        String answers = read(channel);
        if (isUpgraded) {
            checkFrames(answers);
        } else {
            assertThat(answers).matches("(?s)|HTTP/1[.]1 (?!500).*");
        }
        read(witness);
        write(witness, PING);
        settle(channel, witness);
        assertThat(read(witness)).contains(PONG);
        finish(channel, witness);
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .isZero();
    }

    private static ListenerServices services(FrameFactory frames) {
        ServerSettings settings;
        try {
            settings =
                    ServerSettings.development(Optional.empty(), Optional.empty(), new Secret("nobody needs it here"));
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
        KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system());
        keys.reload(settings.apps());
        CoreServices core = CoreServices.of(
                settings,
                () -> 0,
                SealedResumeTokens.of(Optional.empty()),
                new NodeBudgets(new MemoryBudget(1 << 30), new FairShares(1 << 30), 1),
                ServerObserver.NONE,
                null);
        ArrivalThrottle throttle = ArrivalThrottle.NONE;
        return ListenerServices.local(
                List.of(
                        new V1Dialect(core, frames, keys, throttle, IceServers.NONE, InstantSource.system(), settings),
                        new MinimalDialect(core, frames, throttle, MinimalSettings.open())),
                Map.of());
    }

    private static EmbeddedChannel open(
            ListenerServices services, FrameEncoder encoder, UnpooledByteBufAllocator allocator) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        channel.freezeTime();
        NettyLoop loop = new NettyLoop(channel.eventLoop());
        channel.pipeline()
                .addLast(new SocketPipeline(
                        services, ClientLimits.defaults(), KeepaliveSettings.defaults(), it -> loop, encoder));
        return channel;
    }

    private static void write(EmbeddedChannel channel, byte[] bytes) {
        channel.writeInbound(channel.alloc().buffer(bytes.length).writeBytes(bytes));
    }

    /** Lets a moment pass, longer than a roster waits, until nothing is left to do. */
    private static void settle(EmbeddedChannel... channels) {
        for (int i = 0; i < 3; i++) {
            for (EmbeddedChannel channel : channels) {
                channel.advanceTimeBy(Duration.ofMillis(20).toNanos(), TimeUnit.NANOSECONDS);
                channel.runPendingTasks();
                channel.runScheduledPendingTasks();
            }
        }
    }

    /** One byte a character. */
    private static String read(EmbeddedChannel channel) {
        StringBuilder read = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            read.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return read.toString();
    }

    private static void checkFrames(String answers) {
        int at = answers.indexOf("\r\n\r\n") + 4;
        boolean isClosed = false;
        while (at < answers.length()) {
            assertThat(isClosed).as("something behind the Close frame").isFalse();
            int first = answers.charAt(at);
            int length = answers.charAt(at + 1);
            at += 2;
            if (length == 126) {
                length = (answers.charAt(at) << 8) | answers.charAt(at + 1);
                at += 2;
            }
            assertThat(first).isIn(0x81, 0x82, 0x88, 0x89, 0x8A);
            assertThat(length).isLessThanOrEqualTo(answers.length() - at);
            if (first == 0x88) {
                isClosed = true;
                assertThat(answers.substring(at, at + length)).isNotEqualTo("\u0003\u00f3internal error");
            }
            at += length;
        }
    }

    private static void finish(EmbeddedChannel... channels) {
        for (EmbeddedChannel channel : channels) {
            channel.close();
        }
        settle(channels);
        for (EmbeddedChannel channel : channels) {
            channel.finishAndReleaseAll();
            channel.checkException();
        }
    }

    private static byte[] anyFrame(FuzzedDataProvider data) {
        int first = data.consumeProbabilityDouble() < 0.7 ? 0x81 : data.consumeByte();
        return frame(first, data.consumeBytes(data.consumeInt(0, 400)));
    }

    /** Masked with zeros, so that what the fuzzer writes is what the server reads. */
    private static byte[] frame(int first, byte[] payload) {
        int header = payload.length < 126 ? 6 : 8;
        byte[] frame = new byte[header + payload.length];
        frame[0] = (byte) first;
        if (header == 6) {
            frame[1] = (byte) (0x80 | payload.length);
        } else {
            frame[1] = (byte) (0x80 | 126);
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        System.arraycopy(payload, 0, frame, header, payload.length);
        return frame;
    }
}
