// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast the socket of one WebSocket connection is written and read: bytes that wait to be sent, when the socket
 * takes more, and pauses of reading. On the loop of the socket.
 */
abstract class SocketFlow implements Runnable {

    /**
     * What may wait for a client that is still read from. Signals wait before it comes to that; this is of its own
     * answers.
     */
    private static final int UNREAD_BYTES = 128 << 10;

    private static final long NOT_STALLED = -1;

    private final Channel channel;
    private final NettyLoop loop;
    private final WebSocketTerms terms;

    /** Null until reading is paused for the first time: most clients never give a reason. */
    private @Nullable ReadingGate gate;

    private boolean isFlushAsked;

    /** Runs once the socket takes more. */
    private @Nullable Runnable whenWritable;

    /** Null while the socket takes what it is sent. */
    private @Nullable WriteStall stall;

    /** The client does not read what it asked for, and is not read from. */
    private boolean isUnread;

    SocketFlow(Channel channel, NettyLoop loop, WebSocketTerms terms) {
        this.channel = channel;
        this.loop = loop;
        this.terms = terms;
    }

    /** Whether the connection is over, so that nothing more is sent or handled. */
    abstract boolean isEnding();

    /** Closes the connection. */
    public abstract void close(CloseCode code);

    /** The last hold on reading was taken back. */
    abstract void readingResumed();

    Channel channel() {
        return channel;
    }

    /** Returns the loop of the socket. */
    public NettyLoop loop() {
        return loop;
    }

    /** Returns what the connection shares with others. */
    WebSocketTerms terms() {
        return terms;
    }

    // Writing.

    /** Writes a frame, and consumes one reference of it. It is flushed at the end of the turn. */
    void write(Frame frame) {
        long unsent = unsent();
        int length = frame.length() - WebSocketFrames.QUEUE_ENTRY_BYTES;
        WebSocketFrames.write(frame, channel);
        written(unsent, length);
    }

    /** Writes the bytes of a frame. They are flushed at the end of the turn. */
    void write(ByteBuf bytes) {
        long unsent = unsent();
        int length = bytes.readableBytes();
        channel.write(bytes, channel.voidPromise());
        written(unsent, length);
    }

    void flushLater() {
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
        if (!isEnding() && !channel.isWritable() && channel.isActive()) {
            stalled();
        }
    }

    /** Flushes, as a task of the loop. */
    @Override
    public void run() {
        flush();
    }

    /** Flushes first: only what the socket did not take says that the client is slow. */
    public boolean isWritable() {
        if (isEnding() || channel.isWritable()) {
            return true;
        }
        flush();
        return channel.isWritable() || !channel.isActive();
    }

    /** See {@link dev.parley.core.port.ClientConnection#whenWritable}. */
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

    void runWhenWritable() {
        Runnable task = whenWritable;
        if (task != null) {
            whenWritable = null;
            loop.post(task);
        }
    }

    /** The socket takes more again, after {@link #stalled}. */
    void writableAgain() {
        if (!isEnding()) {
            if (isUnread) {
                isUnread = false;
                resumeReading();
            }
            runWhenWritable();
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
        if (unsent > terms.limits().connection().outboundBytes()) {
            close(CloseCode.SLOW_CONSUMER);
        } else if (unsent > UNREAD_BYTES && !isUnread) {
            isUnread = true;
            pauseReading();
        }
    }

    private void judgeLater() {
        loop.schedule(terms.limits().connection().stallTime(), () -> loop.defer(this::judgeStall));
    }

    private void judgeStall() {
        WriteStall waiting = stall;
        if (waiting == null || isEnding()) {
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

    /**
     * Has the system end the connection if the client's machine does not confirm what it was sent within this time. It
     * does so even while nothing is read from the client.
     */
    void limitUnconfirmed(Duration time) {
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(time.toMillis()));
    }

    // Reading.

    /** See {@link dev.parley.core.port.ClientConnection#pauseReading}. */
    public void pauseReading() {
        if (gate == null) {
            gate = new ReadingGate(channel, loop);
            if (isEnding()) {
                gate.end();
            }
        }
        gate.hold();
    }

    /** See {@link dev.parley.core.port.ClientConnection#resumeReading}. */
    public void resumeReading() {
        requireNonNull(gate, "reading is not paused").release();
        if (!gate.isHeld()) {
            readingResumed();
        }
    }

    /** Whether reading is paused, so that no message may be handled. */
    boolean isReadingPaused() {
        return gate != null && gate.isHeld();
    }

    /** How often a pause of reading has begun or ended. */
    int pauseChanges() {
        return gate == null ? 0 : gate.changes();
    }

    /** Reading on is the only way to see the client's answer to a Close frame. */
    void readToTheEnd() {
        if (gate != null) {
            gate.end();
        } else {
            channel.config().setAutoRead(true);
        }
    }
}
