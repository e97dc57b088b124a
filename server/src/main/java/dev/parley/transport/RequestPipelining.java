// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request of a socket each time the socket is read. Requests behind it wait for the socket's turn among all
 * sockets of the loop ({@link RequestTurns}), and for the client to read the answers. For the loop of the socket only.
 */
final class RequestPipelining {

    /** Bytes of answers to one socket in its turn. */
    private static final int TURN_BYTES = 32 << 10;

    /** How long a socket's turn lasts, beside the request that is handled when it ends. */
    private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** What an answer costs beside its body. */
    private static final int ANSWER_BYTES = 512;

    private final Channel channel;
    private final NettyLoop loop;
    private final RequestDecoder decoder;
    private int turnBytes;

    /** When the turn ends, as the loop's clock counts. */
    private long turnEnd;

    private boolean isTurn;
    private boolean isPaused;
    private boolean isQueued;
    private boolean isUnflushed;

    /** A request is being handled, and its answer comes later. */
    private boolean isAwaiting;

    /** Null until the socket waits for a turn for the first time. */
    private @Nullable AddressRange client;

    RequestPipelining(Channel channel, NettyLoop loop, RequestDecoder decoder) {
        this.channel = channel;
        this.loop = loop;
        this.decoder = decoder;
    }

    /** Returns the loop of the socket. */
    NettyLoop loop() {
        return loop;
    }

    /** The answer comes later: until {@link #answered} nothing more of the socket is handled. */
    void await() {
        isAwaiting = true;
        isPaused = true;
        decoder.pause();
        channel.config().setAutoRead(false);
    }

    /** An answer was written and is not flushed. The next request may have to wait. */
    void answered(int bodyBytes) {
        isUnflushed = true;
        if (isAwaiting) {
            isAwaiting = false;
            flush();
            goOn();
            return;
        }
        turnBytes += bodyBytes + ANSWER_BYTES;
        if (!isTurn || turnBytes > TURN_BYTES || loop.now() - turnEnd >= 0 || !channel.isWritable()) {
            isPaused = true;
            decoder.pause();
            channel.config().setAutoRead(!decoder.hasInput() && channel.isWritable());
        }
    }

    /** All that the socket is read in this turn of the loop was decoded. */
    void readComplete() {
        flush();
        goOn();
    }

    /** The socket takes more again, or no more for now. */
    void writabilityChanged() {
        if (!isTurn) {
            goOn();
        }
    }

    private void serve() {
        isQueued = false;
        if (decoder.isRemoved()) {
            return;
        }
        if (channel.isWritable()) {
            isPaused = false;
            isTurn = true;
            turnBytes = 0;
            turnEnd = loop.now() + TURN_NANOS;
            decoder.resume();
            isTurn = false;
        }
        if (!decoder.isRemoved()) {
            flush();
            goOn();
        }
    }

    private void flush() {
        if (isUnflushed) {
            isUnflushed = false;
            channel.flush();
        }
    }

    /** Reads on, unless requests wait. */
    private void goOn() {
        if (isAwaiting) {
            return;
        }
        if (isPaused && channel.isWritable() && !decoder.hasInput()) {
            isPaused = false;
            decoder.resume();
        }
        channel.config().setAutoRead(!isPaused);
        if (isPaused && channel.isWritable() && !isQueued) {
            isQueued = true;
            loop.requestTurns().add(client(), this::serve);
        }
    }

    private AddressRange client() {
        if (client == null) {
            client = AddressRange.ofClient(SocketEnds.peer(channel));
        }
        return client;
    }
}
