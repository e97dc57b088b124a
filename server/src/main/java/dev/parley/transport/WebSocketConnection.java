// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frame;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
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
 * One WebSocket connection: its messages, its pings, and the one door it is closed by.
 *
 * <p>Every end goes through {@link #end}: the conversation is notified once, and one Close frame is sent if the socket
 * still takes one.
 */
final class WebSocketConnection extends SocketFlow implements ClientConnection {

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final long id;
    private final ConnectionTraffic traffic;
    private final ConnectionTimers watch;
    private @Nullable ClientConversation conversation;
    private @Nullable ConnectionEnding ending;
    /** Null without pings: most connections get few. */
    private @Nullable PendingPings pendingPings;

    /** The number of the last ping that was sent. */
    private int pings;

    /** The number of the last ping that was answered. */
    private int pongs;

    WebSocketConnection(
            long id,
            Channel channel,
            NettyLoop loop,
            WebSocketTerms terms,
            ConnectionTraffic traffic,
            long admitBy,
            UnadmittedSockets.Place place) {
        super(channel, loop, terms);
        this.id = id;
        this.traffic = traffic;
        this.watch = new ConnectionTimers(this, loop, terms, admitBy, place);
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
        write(frame);
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
        LoopTimer timer = loop().schedule(patience, () -> {
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
        end(new ConnectionEnding.Closed(code), () -> terms().encoder().close(code));
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

    /** Returns the counter of this connection's unfinished bytes. */
    ArrivalShare arrivalShare() {
        return new ArrivalShare(terms().arrivals(), channel());
    }

    /** Reports to operators that the client is closed for a limit that its address shares. */
    void reportRefusal(CloseCode code, String reason) {
        traffic.observer().refused(SocketEnds.peer(channel()), code.number(), reason, () -> "connection=" + id);
    }

    @Override
    boolean isEnding() {
        return ending != null;
    }

    @Override
    void readingResumed() {
        watch.excuse();
    }

    ConnectionTimers watch() {
        return watch;
    }

    void ping() {
        pings++;
        write(terms().encoder().ping(pings));
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
        write(terms().encoder().frame(FrameOpcode.PONG, payload));
    }

    /**
     * The client's Close frame arrived: as an answer to ours, or as the first, which is answered with its own number.
     */
    void closedByClient(int number) {
        end(new ConnectionEnding.Left(number), () -> terms().encoder().closeAnswer(number));
        flush();
        channel().write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel().flush();
    }

    /** The client broke the framing, so its answer to a Close frame could not be distinguished from noise. */
    void broken(CloseCode code) {
        if (isEnding()) {
            abort();
            return;
        }
        close(code);
        SocketEnds.endAfter(channel(), channel().writeAndFlush(Unpooled.EMPTY_BUFFER));
    }

    /** The client no longer answers. It is lost; should it be there after all, the Close frame tells it why. */
    void fellSilent(CloseCode code) {
        end(new ConnectionEnding.Lost(code.reason()), () -> terms().encoder().close(code));
    }

    /** The memory that the client leaves unread is needed: the socket ends at once, a session may go on. */
    void closeUnread() {
        fellSilent(CloseCode.SLOW_CONSUMER);
        abort();
    }

    /** Returns the address of the client. */
    InetAddress client() {
        return SocketEnds.peer(channel());
    }

    /** Ends the connection: its socket is closed. */
    void socketClosed(String cause) {
        if (ending == null) {
            tell(new ConnectionEnding.Lost(cause));
        }
        terms().unread().remove(this);
        watch.end();
    }

    /** Ends the socket without further waiting. */
    void abort() {
        channel().close();
    }

    /** The socket takes more again, or no more for now. */
    void writabilityChanged() {
        if (channel().isWritable()) {
            terms().unread().remove(this);
            writableAgain();
        } else {
            terms().unread().add(this);
        }
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
        if (channel().isActive()) {
            watch.closing();
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
}
