// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.FrameFactory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sockets of the server: the loops they live on and the addresses they are accepted at. */
public final class NettyTransport implements AutoCloseable {

    /** Sockets the kernel may hold ready for us; it lowers this to what the machine allows. */
    private static final int BACKLOG = 4096;

    /** How often the system may choose a port until one is free at all addresses. */
    private static final int CHOICES = 10;

    /** Above the second figure a client counts as not reading, until it is below the first. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16 << 10, 32 << 10);

    /** How long the loops may take to shut down. */
    private static final Duration ENDING = Duration.ofMillis(500);

    /** How long sockets are drained later for a loop that is too busy to close its listener. */
    private static final Duration UNBINDING = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(NettyTransport.class);

    private final ClientLimits limits;
    private final KeepaliveSettings keepalive;
    private final DrainSettings drain;
    private final FairShares arrivals;
    private final boolean isEpoll;
    private final MultiThreadIoEventLoopGroup group;
    private final Map<EventExecutor, NettyLoop> loops = new HashMap<>();

    /** Accepts the sockets of all addresses, so that they have one order. */
    private final EventLoop acceptor;

    private final AcceptFailures acceptFailures = new AcceptFailures(System::nanoTime);
    private final ByteBufAllocator allocator;
    private final FrameEncoder encoder;
    private final ReadBuffers reads = new ReadBuffers(this::currentLoop);
    private final UnreadMemory unread;
    private final List<Channel> listeners = new ArrayList<>();
    private boolean isDrained;

    /** The part of the direct memory that input may take which is unfinished, where nothing else is said. */
    private static final int ARRIVAL_PARTS = 4;

    /** A transport with one loop a processor, listening nowhere yet. */
    public NettyTransport(ClientLimits limits, KeepaliveSettings keepalive, DrainSettings drain) {
        this(limits, keepalive, drain, arrivals());
    }

    /**
     * @param arrivals bytes of messages and requests that have begun to arrive and are unfinished, by client address
     */
    public NettyTransport(ClientLimits limits, KeepaliveSettings keepalive, DrainSettings drain, FairShares arrivals) {
        this(limits, keepalive, drain, loops(), Epoll.isAvailable(), arrivals, unread());
    }

    /** One with a single loop, for the few who look after the server: what they ask for keeps no client waiting. */
    public static NettyTransport forOperators(ClientLimits limits, KeepaliveSettings keepalive) {
        return new NettyTransport(
                limits, keepalive, new DrainSettings(Duration.ZERO, Duration.ZERO), 1, Epoll.isAvailable());
    }

    NettyTransport(
            ClientLimits limits, KeepaliveSettings keepalive, DrainSettings drain, int threads, boolean isEpoll) {
        this(limits, keepalive, drain, threads, isEpoll, arrivals(), unread());
    }

    /** @param unread closes connections whose clients do not read when memory is short */
    NettyTransport(
            ClientLimits limits,
            KeepaliveSettings keepalive,
            DrainSettings drain,
            int threads,
            boolean isEpoll,
            FairShares arrivals,
            UnreadMemory unread) {
        this.arrivals = arrivals;
        this.unread = unread;
        this.limits = limits;
        this.keepalive = keepalive;
        this.drain = drain;
        this.isEpoll = isEpoll;
        IoHandlerFactory handlers = isEpoll
                ? EpollIoHandler.newFactory(ReadBuffers.SOCKETS_A_TURN, DefaultSelectStrategyFactory.INSTANCE)
                : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("loop"), handlers);
        for (EventExecutor executor : group) {
            loops.put(executor, new NettyLoop((EventLoop) executor));
        }
        this.acceptor = group.next();
        this.allocator = PooledByteBufAllocator.DEFAULT;
        this.encoder = new FrameEncoder(allocator);
    }

    /** Bytes of memory outside the heap that the JVM allows: messages that wait lie there. */
    public static long directMemory() {
        return PlatformDependent.estimateMaxDirectMemory();
    }

    /** How many loops a transport for clients has. */
    public static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Whether hardly any of it is left. The allocator reserves memory in pieces that it seldom returns, so what it has
     * reserved says little as long as much of that is free; but it cannot use all of it either.
     */
    private static boolean isMemoryShort() {
        long limit = directMemory();
        return PlatformDependent.usedDirectMemory() > limit / 8 * 7
                && PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() > limit / 2;
    }

    private static FairShares arrivals() {
        return new FairShares(directMemory() / ARRIVAL_PARTS);
    }

    private static UnreadMemory unread() {
        return new UnreadMemory(directMemory() / 8, NettyTransport::isMemoryShort);
    }

    /** Makes frames for the connections of this transport. */
    public FrameFactory frames() {
        return new WebSocketFrames(encoder);
    }

    /**
     * Accepts sockets at all of these addresses, or at none of them.
     *
     * @param addresses all with the same port; if that is 0, the system chooses one for all of them
     * @return the port in use
     * @throws IOException if an address is taken or not of this machine, in words
     */
    public int listen(List<InetSocketAddress> addresses, ListenerServices services) throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<Channel> bound = new ArrayList<>();
            try {
                int port = addresses.getFirst().getPort();
                for (InetSocketAddress address : addresses) {
                    Channel listener = bind(new InetSocketAddress(address.getAddress(), port), services);
                    bound.add(listener);
                    port = ((InetSocketAddress) listener.localAddress()).getPort();
                }
                listeners.addAll(bound);
                return port;
            } catch (IOException e) {
                bound.forEach(listener -> listener.close().awaitUninterruptibly());
                // A port the system chose for one address may be taken at the next: let it choose again.
                if (addresses.getFirst().getPort() != 0 || attempt == CHOICES) {
                    throw e;
                }
            }
        }
    }

    private Channel bind(InetSocketAddress address, ListenerServices services) throws IOException {
        SocketPipeline pipeline = new SocketPipeline(
                services, limits, keepalive, channel -> loop(channel.eventLoop()), encoder, arrivals, unread);
        Class<? extends ServerChannel> type = isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, group)
                .channel(type)
                .handler(AcceptOrder.INSTANCE)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(pipeline);
        if (isEpoll) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, SocketEnds.UNSENT_BYTES);
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(reason(bound.cause()), bound.cause());
        }
        bound.channel().pipeline().addLast(acceptFailures); // behind the handler of Netty that pauses accepting
        return bound.channel();
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("Address already in use") ? "taken by another program" : message;
    }

    /**
     * Closes all sockets and ends the loops; returns within the time of {@link DrainSettings#timeout} and {@link
     * #ENDING} more.
     */
    @Override
    public void close() {
        close(drain.timeout().plus(ENDING));
    }

    /** Accepts no more sockets, and returns when those there are drained, or their time is over, or patience ends. */
    public void drain(Duration patience) {
        isDrained = true;
        long end = System.nanoTime() + patience.toNanos();
        CompletableFuture<?>[] unbound =
                listeners.stream().map(NettyTransport::unbind).toArray(CompletableFuture<?>[]::new);
        await(CompletableFuture.allOf(unbound), Math.min(patience.toNanos(), UNBINDING.toNanos()));
        CompletableFuture<?>[] drained =
                loops.values().stream().map(loop -> loop.drain(drain.spread())).toArray(CompletableFuture<?>[]::new);
        await(
                CompletableFuture.allOf(drained),
                Math.min(end - System.nanoTime(), drain.timeout().toNanos()));
    }

    /**
     * {@linkplain #drain Drains} the sockets unless that is done, and ends the loops. Returns when the loops have
     * ended, or when patience ends: a loop that is busy then is left behind, with what it holds.
     */
    public void close(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        if (!isDrained) {
            drain(patience);
        }
        Future<?> ended = group.shutdownGracefully(0, ENDING.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended.awaitUninterruptibly(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
            log.warn("loops are still busy after {} ms; they are left behind", patience.toMillis());
        }
    }

    private static CompletableFuture<Void> unbind(Channel listener) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        listener.close().addListener(it -> closed.complete(null));
        return closed;
    }

    private static void await(CompletableFuture<?> future, long nanos) {
        future.completeOnTimeout(null, Math.max(nanos, 0), TimeUnit.NANOSECONDS).join();
    }

    /** Returns the loop of the calling thread. */
    private EventExecutor currentLoop() {
        for (EventExecutor executor : group) {
            if (executor.inEventLoop()) {
                return executor;
            }
        }
        throw new IllegalStateException("sockets are read on a loop of nobody's");
    }

    private NettyLoop loop(EventExecutor executor) {
        NettyLoop loop = loops.get(executor);
        if (loop == null) {
            throw new IllegalStateException("a channel on a loop of nobody's");
        }
        return loop;
    }
}
