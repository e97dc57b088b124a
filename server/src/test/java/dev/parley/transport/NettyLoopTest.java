// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Timer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
            Timer cancelled = loop.schedule(Duration.ofMillis(10), () -> ran.add("cancelled"));
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
}
