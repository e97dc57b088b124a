// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ServerObserver;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.TestCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.ImmediateExecutor;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What TLS of the JDK and BoringSSL cost the server: CPU time of its loop for a whole handshake, and for a message of
 * 1 KB in and out again. Both in alternation, over loopback:
 *
 * <pre>mvn -pl server -am test -Dtest=TlsBenchmark
 * cat server/target/surefire-reports/dev.parley.transport.TlsBenchmark-output.txt</pre>
 */
class TlsBenchmark {

    private static final int ROUNDS = 6;
    private static final int HANDSHAKES = 300;
    private static final int MESSAGES = 20_000;
    private static final byte[] MESSAGE = new byte[1024];

    @Test
    void printsALineForEachRoundAndProvider() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        for (String algorithm : new String[] {"EC", "RSA"}) {
            TestCertificate certificate = TestCertificate.make(algorithm);
            try (Echo plain = new Echo(null);
                    Echo jdk = new Echo(TlsCertificates.context(certificate.settings(), SslProvider.JDK));
                    Echo boring =
                            new Echo(TlsCertificates.context(certificate.settings(), SslProvider.OPENSSL_REFCNT))) {
                for (int round = 1; round <= ROUNDS; round++) {
                    measure(algorithm + " round " + round + " plain    ", plain);
                    measure(algorithm + " round " + round + " JDK      ", jdk);
                    measure(algorithm + " round " + round + " BoringSSL", boring);
                }
            }
        }
    }

    private static void measure(String name, Echo echo) {
        long begin = echo.cpuNanos();
        for (int i = 0; i < HANDSHAKES; i++) {
            try (RawClient client = echo.connect()) {
                client.send(MESSAGE);
                client.readBytes(MESSAGE.length);
            }
        }
        long handshakes = echo.cpuNanos() - begin;
        try (RawClient client = echo.connect()) {
            begin = echo.cpuNanos();
            for (int i = 0; i < MESSAGES; i++) {
                client.send(MESSAGE);
                client.readBytes(MESSAGE.length);
            }
        }
        long messages = echo.cpuNanos() - begin;
        System.out.printf(
                Locale.ROOT,
                "%s %7.1f us a connection %6.2f us a message%n",
                name,
                handshakes / 1e3 / HANDSHAKES,
                messages / 1e3 / MESSAGES);
    }

    /** A server with one loop that sends back what it hears. */
    private static final class Echo implements AutoCloseable {

        private final MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        private final AtomicLong loop = new AtomicLong();
        private final @Nullable SslContext context;
        private final int port;

        Echo(@Nullable SslContext context) {
            this.context = context;
            group.submit(() -> loop.set(Thread.currentThread().threadId())).awaitUninterruptibly();
            Channel listener = new ServerBootstrap()
                    .group(group)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accept(channel);
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .awaitUninterruptibly()
                    .channel();
            port = ((InetSocketAddress) listener.localAddress()).getPort();
        }

        private void accept(Channel channel) {
            if (context != null) {
                channel.pipeline()
                        .addLast(new TlsHandler(
                                context.newEngine(channel.alloc()), ImmediateExecutor.INSTANCE, ServerObserver.NONE));
            }
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.writeAndFlush(message, ctx.voidPromise());
                }
            });
        }

        RawClient connect() {
            RawClient client = RawClient.tcp(port);
            return context == null ? client : client.secure();
        }

        long cpuNanos() {
            return ManagementFactory.getThreadMXBean().getThreadCpuTime(loop.get());
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
