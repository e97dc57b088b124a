// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** The one loop of this process and the addresses it connects from. */
final class BenchNetwork implements AutoCloseable {

    private static final int LOOPBACK = 127;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final WriteBatch outbox;
    private final BenchPlan.Servers servers;
    private final int sources;
    private final boolean isLoopback;
    private int connects;

    /**
     * @param sources from how many addresses of 127.0.0.0/8 to connect, where the server is on this machine: one has no
     *     more than some 28,000 ports
     */
    BenchNetwork(BenchPlan.Servers servers, int sources) {
        this.servers = servers;
        this.sources = sources;
        this.isLoopback = servers.first().getAddress().getAddress()[0] == LOOPBACK;
        this.group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("bench"),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = group.next();
        this.outbox = new WriteBatch(loop);
    }

    EventLoop loop() {
        return loop;
    }

    WriteBatch outbox() {
        return outbox;
    }

    /** Connects the client; it tells its audience what becomes of that. */
    void connect(BenchClient client) {
        client.connecting();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(client);
                    }
                });
        if (Epoll.isAvailable()) {
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        bootstrap.connect(servers.of(client.number()), source()).addListener(connected -> {
            if (!connected.isSuccess()) {
                client.lose(String.valueOf(connected.cause().getMessage()));
            }
        });
    }

    private SocketAddress source() {
        int number = connects++ % sources;
        return new InetSocketAddress(isLoopback ? "127.0.0." + (number + 1) : "0.0.0.0", 0);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
