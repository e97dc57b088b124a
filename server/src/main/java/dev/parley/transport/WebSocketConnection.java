// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollChannelOption;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of one WebSocket connection: its messages, its backpressure, and the one door it is closed by.
 *
 * <p>Every end goes through {@link #end}: the conversation is notified once, and one Close frame is sent if the socket
 * still takes one.
 */
final class WebSocketConnection implements ClientConnection {

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    /**
     * What may wait for a client that is still read from. Signals wait before it comes to that; this is of its own
     * answers.
     */
    private static final int UNREAD_BYTES = 128 << 10;

    private static final long NOT_STALLED = -1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final long id;
    private final Channel channel;
    private final NettyLoop loop;
    private final WebSocketTerms terms;
    private final ConnectionTraffic traffic;
    private final ConnectionTimers watch;
    private @Nullable ClientConversation conversation;
    private @Nullable ConnectionEnding ending;
    /** Null without pings: most connections get few. */
    private @Nullable PendingPings pendingPings;

    /** Null until reading is paused for the first time: most clients never give a reason. */
    private @Nullable ReadingGate gate;

    /** The number of the last ping that was sent. */
    private int pings;

    /** The number of the last ping that was answered. */
    private int pongs;

    private boolean isFlushAsked;

    /** Runs once the socket takes more. */
    private @Nullable Runnable whenWritable;

    /** Null while the socket takes what it is sent. */
    private @Nullable WriteStall stall;

    /** The client does not read what it asked for, and is not read from. */
    private boolean isUnread;

    WebSocketConnection(
            long id,
            Channel channel,
            NettyLoop loop,
            WebSocketTerms terms,
            ConnectionTraffic traffic,
            long admitBy,
            UnadmittedSockets.Place place) {
        this.id = id;
        this.channel = channel;
        this.loop = loop;
        this.terms = terms;
        this.traffic = traffic;
        this.watch = new ConnectionTimers(this, loop, terms, admitBy, place);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void admitted() {
        if (ending == null) {
            watch.admitted();
        }
    }

    @Override
    public void send(Frame frame) {
        if (ending != null) {
            frame.release();
            return;
        }
        traffic.sent().add(1);
        long unsent = unsent();
        int length = frame.length() - WebSocketFrames.QUEUE_ENTRY_BYTES;
        WebSocketFrames.write(frame, channel);
        written(unsent, length);
    }

    /** What was not yet offered to the socket says nothing about the client, so it is offered before it is judged. */
    @Override
    public boolean isWritable() {
        if (ending != null || channel.isWritable()) {
            return true;
        }
        flush();
        return channel.isWritable() || !channel.isActive();
    }

    @Override
    public void whenWritable(Runnable task) {
        Runnable before = whenWritable;
        whenWritable = before == null
                ? task
                : () -> {
                    before.run();
                    task.run();
                };
        if (isWritable()) {
            runWhenWritable();
        }
    }

    private void runWhenWritable() {
        Runnable task = whenWritable;
        if (task != null) {
            whenWritable = null;
            loop.post(task);
        }
    }

    /** Bytes that wait for the socket; {@link #NOT_STALLED} while it takes what it is sent. */
    private long unsent() {
        return stall == null ? NOT_STALLED : channel.bytesBeforeWritable();
    }

    /**
     * Something was written, and is flushed at the end of the turn; now if that much waits that the client may have to
     * read first.
     *
     * @param before {@link #unsent} before
     * @param length bytes that were written
     */
    private void written(long before, int length) {
        flushLater();
        if (!channel.isWritable()) {
            terms.unread().check();
            if (channel.bytesBeforeWritable() > UNREAD_BYTES) {
                flush();
            }
        }
        if (stall != null && before != NOT_STALLED) {
            stall.wrote(before, length, channel.bytesBeforeWritable());
        }
    }

    /**
     * The socket takes no more for now. A client that asks for more than it reads is not read from; one that reads
     * nothing is closed in the end.
     */
    private void stalled() {
        long unsent = channel.bytesBeforeWritable();
        if (stall == null) {
            stall = new WriteStall(unsent);
            judgeLater();
        }
        if (unsent > terms.limits().outboundBytes()) {
            close(CloseCode.SLOW_CONSUMER);
        } else if (unsent > UNREAD_BYTES && !isUnread) {
            isUnread = true;
            pauseReading();
        }
    }

    private void judgeLater() {
        loop.schedule(terms.limits().stallTime(), () -> loop.defer(this::judgeStall));
    }

    private void judgeStall() {
        WriteStall waiting = stall;
        if (waiting == null || ending != null) {
            return;
        }
        if (isWritable()) {
            stall = null;
        } else if (waiting.check(channel.bytesBeforeWritable())) {
            judgeLater();
        } else {
            close(CloseCode.SLOW_CONSUMER);
        }
    }

    @Override
    public void pauseReading() {
        if (gate == null) {
            gate = new ReadingGate(channel, loop);
            if (ending != null) {
                gate.end();
            }
        }
        gate.hold();
    }

    @Override
    public void resumeReading() {
        requireNonNull(gate, "reading is not paused").release();
        if (!gate.isHeld()) {
            watch.excuse();
        }
    }

    /** Whether reading is paused, so that no message may be handled. */
    boolean isReadingPaused() {
        return gate != null && gate.isHeld();
    }

    /** How often a pause of reading has begun or ended. */
    private int pauseChanges() {
        return gate == null ? 0 : gate.changes();
    }

    /** An answer that lies behind what is not read for now is no silence. */
    @Override
    public void probe(Duration patience, Runnable known) {
        int changes = pauseChanges();
        ask(
                patience,
                () -> {
                    if (!isReadingPaused() && pauseChanges() == changes) {
                        fellSilent(ConnectionTimers.NO_PONG);
                    }
                },
                known);
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        ask(patience, () -> {}, task);
    }

    /** @param unanswered runs first if patience ends */
    private void ask(Duration patience, Runnable unanswered, Runnable answered) {
        if (ending != null) {
            answered.run();
            return;
        }
        PendingPings open = pendingPings == null ? new PendingPings() : pendingPings;
        pendingPings = open;
        int ping = pings + 1;
        LoopTimer timer = loop.schedule(patience, () -> {
            try {
                unanswered.run();
            } finally {
                open.givenUp(ping);
            }
        });
        open.add(ping, timer, answered);
        ping(); // last: should it fail, patience ends all the same
    }

    @Override
    public void close(CloseCode code) {
        end(new ConnectionEnding.Closed(code), () -> terms.encoder().close(code));
    }

    /**
     * Begins the conversation, which may send or close before this returns; null if it failed. Sends out the answer to
     * the handshake as well, which was just written.
     */
    @Nullable
    ClientConversation open(Dialect.Opening opening) {
        traffic.observer().opened(traffic.dialect());
        watch.begin();
        flushLater();
        try {
            conversation = opening.open(this);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            log.error("connection {} could not be opened", id, e);
            close(CloseCode.INTERNAL_ERROR);
        }
        if (ending != null) {
            tellConversation(ending);
        }
        return conversation;
    }

    /** What it shares with other connections. */
    WebSocketTerms terms() {
        return terms;
    }

    /** Returns the counter of this connection's unfinished bytes. */
    ArrivalShare arrivalShare() {
        return new ArrivalShare(terms.arrivals(), channel);
    }

    /** Reports to operators that the client is closed for a limit that its address shares. */
    void reportRefusal(CloseCode code, String reason) {
        traffic.observer().refused(SocketEnds.peer(channel), code.number(), reason, () -> "connection=" + id);
    }

    boolean isEnding() {
        return ending != null;
    }

    ConnectionTimers watch() {
        return watch;
    }

    void ping() {
        pings++;
        write(terms.encoder().ping(pings));
    }

    /** A pong came: the client lives. True if it answers a ping that no pong had answered yet. */
    boolean ponged(Payload payload) {
        watch.pong();
        int ping = payload.length() == Integer.BYTES ? (int) INT.get(payload.bytes(), payload.offset()) : 0;
        if (ping <= pongs || ping > pings) {
            return false;
        }
        pongs = ping;
        if (pendingPings != null) {
            pendingPings.answered(ping);
            pendingPings = pendingPings.isEmpty() ? null : pendingPings;
        }
        return true;
    }

    /** The server stops: whoever understands a warning gets one before the end. */
    void drain() {
        if (conversation != null && ending == null) {
            conversation.drain();
        }
    }

    void pong(Payload payload) {
        write(terms.encoder().frame(FrameOpcode.PONG, payload));
    }

    /**
     * The client's Close frame arrived: as an answer to ours, or as the first, which is answered with its own number.
     */
    void closedByClient(int number) {
        end(new ConnectionEnding.Left(number), () -> terms.encoder().closeAnswer(number));
        flush();
        channel.write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.flush();
    }

    /** The client broke the framing, so its answer to a Close frame could not be distinguished from noise. */
    void broken(CloseCode code) {
        if (isEnding()) {
            abort();
            return;
        }
        close(code);
        SocketEnds.endAfter(channel, channel.writeAndFlush(Unpooled.EMPTY_BUFFER));
    }

    /** The client no longer answers. It is lost; should it be there after all, the Close frame tells it why. */
    void fellSilent(CloseCode code) {
        end(new ConnectionEnding.Lost(code.reason()), () -> terms.encoder().close(code));
    }

    /** The memory that the client leaves unread is needed: the socket ends at once, a session may go on. */
    void closeUnread() {
        fellSilent(CloseCode.SLOW_CONSUMER);
        abort();
    }

    /** Returns the address of the client. */
    InetAddress client() {
        return SocketEnds.peer(channel);
    }

    /** The socket is gone. */
    void socketClosed(String cause) {
        if (ending == null) {
            tell(new ConnectionEnding.Lost(cause));
        }
        terms.unread().remove(this);
        watch.end();
    }

    /** Ends the socket without further waiting. */
    void abort() {
        channel.close();
    }

    /** The socket takes more again, or no more for now, see {@link #stalled}. */
    void writabilityChanged() {
        if (!channel.isWritable()) {
            terms.unread().add(this);
            return;
        }
        terms.unread().remove(this);
        if (ending == null) {
            if (isUnread) {
                isUnread = false;
                resumeReading();
            }
            runWhenWritable();
        }
    }

    /**
     * Has the system end the connection if the client's machine does not confirm what it was sent within this time. It
     * does so even while nothing is read from the client.
     */
    void limitUnconfirmed(Duration time) {
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(time.toMillis()));
    }

    /** Without memory for a Close frame the socket ends without one: the connection must not stay half open. */
    private void end(ConnectionEnding how, Supplier<ByteBuf> closeFrame) {
        if (ending != null) {
            return;
        }
        tell(how);
        try {
            write(closeFrame.get());
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            log.error("connection {} ends without a Close frame", id, e);
            abort();
            return;
        }
        flush();
        readToTheEnd();
        if (channel.isActive()) {
            watch.closing();
        }
    }

    /** Reading on is the only way to see the client's answer to a Close frame. */
    private void readToTheEnd() {
        if (gate != null) {
            gate.end();
        } else {
            channel.config().setAutoRead(true);
        }
    }

    private void tell(ConnectionEnding how) {
        ending = how;
        log.debug("connection {} ended: {}", id, how);
        traffic.observer().ended(traffic.dialect(), how);
        tellConversation(how);
        if (pendingPings != null) {
            pendingPings.end();
        }
        runWhenWritable();
    }

    private void tellConversation(ConnectionEnding how) {
        if (conversation == null) {
            return; // told by open, once there is someone to tell
        }
        try {
            conversation.ended(how);
        } catch (RuntimeException | Error e) { // an allocator that has no memory throws an error
            log.error("connection {} failed at its end", id, e); // closing the socket must go on
        }
    }

    private void write(ByteBuf bytes) {
        long unsent = unsent();
        int length = bytes.readableBytes();
        channel.write(bytes, channel.voidPromise());
        written(unsent, length);
    }

    private void flushLater() {
        if (!isFlushAsked) {
            loop.flushLater(this);
            isFlushAsked = true;
        }
    }

    /** Returns the bytes that were written and not sent. Safe from any thread. */
    long unflushedBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes(); // null once it is closed
    }

    /** Sends out what was written. Called by the loop, see {@link NettyLoop#flushLater}. */
    void flush() {
        isFlushAsked = false;
        channel.flush();
        if (ending == null && !channel.isWritable() && channel.isActive()) {
            stalled();
        }
    }
}
