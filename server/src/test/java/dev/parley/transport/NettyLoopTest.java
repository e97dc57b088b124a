// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.LoopTimer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The promises of the port Loop, on the loop of production. */
@Isolated
class NettyLoopTest {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final NettyLoop loop = new NettyLoop((EventLoop) group.next());

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void whatTheLoopPostsToItselfRunsBehindWhatOthersPostedBefore() {
        List<String> ran = new ArrayList<>();
        CompletableFuture<Void> othersPosted = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.post(() -> {
            othersPosted.join();
            loop.post(() -> ran.add("own"));
            loop.post(() -> done.complete(null));
            ran.add("first");
        });
        loop.post(() -> ran.add("other"));
        othersPosted.complete(null);
        done.join();

        assertThat(ran).containsExactly("first", "other", "own");
    }

    @Test
    void aTimerRunsOnTheLoopAfterItsDelayUnlessItWasCancelled() {
        List<String> ran = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.post(() -> {
            long begin = loop.now();
            LoopTimer cancelled = loop.schedule(Duration.ofMillis(10), () -> ran.add("cancelled"));
            loop.schedule(Duration.ofMillis(30), () -> {
                ran.add(loop.now() - begin >= 30_000_000 ? "in time" : "early");
                done.complete(null);
            });
            cancelled.cancel();
        });
        done.join();

        assertThat(ran).containsExactly("in time");
    }

    @Test
    void aFailingTimerDoesNotStopTheOthers() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.schedule(Duration.ZERO, () -> {
            throw new IllegalStateException("planted");
        });
        loop.schedule(Duration.ofMillis(10), () -> done.complete(null));

        assertThat(done.join()).isNull();
    }

    @Test
    void whatIsPostedRunsBetweenDeferredTasksHoweverManyThereAre() {
        List<String> ran = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.post(() -> {
            for (int i = 0; i < 5; i++) {
                loop.defer(() -> {
                    ran.add("deferred");
                    spend(Duration.ofMillis(5)); // more than a step of deferred tasks
                });
            }
            loop.defer(() -> done.complete(null));
            loop.post(() -> loop.post(() -> ran.add("posted")));
        });
        done.join();

        assertThat(ran).containsExactly("deferred", "posted", "deferred", "deferred", "deferred", "deferred");
    }

    @Test
    void whatIsPostedRunsBetweenFlushesHoweverManyConnectionsWereWrittenTo() {
        AtomicInteger flushes = new AtomicInteger();
        CompletableFuture<Integer> flushesBefore = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        int connections = 100;
        loop.post(() -> {
            for (int i = 0; i < connections; i++) {
                loop.flushLater(new SlowFlush(() -> {
                    spend(Duration.ofMillis(1));
                    if (flushes.incrementAndGet() == connections) {
                        done.complete(null);
                    }
                }));
            }
            loop.post(() -> flushesBefore.complete(flushes.get())); // behind the flush of the turn
        });
        done.join();

        assertThat(flushesBefore.join()).isBetween(1, 10);
    }

    /** A connection whose flush is this task. */
    private final class SlowFlush extends SocketFlow {

        private final Runnable task;

        SlowFlush(Runnable task) {
            super(
                    new EmbeddedChannel(),
                    loop,
                    new WebSocketTerms(
                            ClientLimits.defaults(),
                            KeepaliveSettings.defaults(),
                            new FrameEncoder(UnpooledByteBufAllocator.DEFAULT),
                            new FairShares(1 << 20),
                            new UnreadMemory(1 << 20, () -> false)));
            this.task = task;
        }

        @Override
        boolean isEnding() {
            return false;
        }

        @Override
        public void close(CloseCode code) {}

        @Override
        void readingResumed() {}

        @Override
        long unflushedBytes() {
            return 0;
        }

        @Override
        void flush() {
            task.run();
        }
    }

    @Test
    void socketsAreReadBetweenDeferredTasks() throws Exception {
        CompletableFuture<Integer> deferredBefore = new CompletableFuture<>();
        AtomicInteger deferred = new AtomicInteger();
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        deferredBefore.complete(deferred.get());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        try (Socket client = new Socket()) {
            loop.post(() -> {
                connect(client, server);
                for (int i = 0; i < 300; i++) {
                    loop.defer(() -> {
                        deferred.incrementAndGet();
                        spend(Duration.ofMillis(3)); // more than a step
                    });
                }
            });

            assertThat(deferredBefore.get(20, TimeUnit.SECONDS)).isLessThan(10);
        }
    }

    private static void connect(Socket client, Channel server) {
        try {
            client.connect(server.localAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFailingDeferredTaskDoesNotStopTheOthers() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.post(() -> {
            loop.defer(() -> {
                throw new IllegalStateException("planted");
            });
            loop.defer(() -> done.complete(null));
        });

        assertThat(done.join()).isNull();
    }

    private void spend(Duration time) {
        long until = loop.now() + time.toNanos();
        while (loop.now() < until) {
            Thread.onSpinWait();
        }
    }
}
