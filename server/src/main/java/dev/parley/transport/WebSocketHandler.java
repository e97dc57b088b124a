// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static java.util.Objects.requireNonNull;

import dev.parley.config.ClientLimits;
import dev.parley.core.access.TokenBucket;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in of one WebSocket connection, and the only handler of an upgraded socket: bytes to messages to the
 * conversation.
 */
final class WebSocketHandler extends ChannelInboundHandlerAdapter implements FrameDecoder.Reader {

    private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);
    private static final CloseCode TOO_MANY_CONTROL_FRAMES = new CloseCode(1008, "too many control frames");

    /** Three reads, and what the encryption of one holds back. */
    private static final int MAX_PAUSED_BYTES = 128 << 10;

    private final WebSocketConnection connection;
    private final NettyLoop loop;
    private final FrameDecoder decoder;

    /** Null while nothing that arrived is counted. */
    private @Nullable ArrivalShare share;

    /** Null until there is one: honest clients send hardly any. */
    private @Nullable TokenBucket controlFrames;

    /** Null once the conversation has begun: it may hold what the client showed to be let in. */
    private Dialect.@Nullable Opening opening;

    private @Nullable ClientConversation conversation;
    private @Nullable String lostCause;

    /** Bytes that arrived while reading was paused. */
    private int pausedBytes;

    /** The watch knows of a message that has begun. Usually none has, and the watch is left alone. */
    private boolean isMessageTimed;

    WebSocketHandler(
            WebSocketConnection connection, Dialect.Opening opening, NettyLoop loop, ByteBufAllocator allocator) {
        ClientLimits limits = connection.terms().limits();
        this.connection = connection;
        this.opening = opening;
        this.loop = loop;
        this.decoder = new FrameDecoder(
                limits.message(), allocator, loop.scratch(limits.message().wholeBytes()), this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        conversation = connection.open(requireNonNull(opening));
        opening = null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (connection.isReadingPaused()) {
            readWhilePaused(read);
        } else {
            decoder.decode(read);
            timeMessage();
        }
    }

    /** Reading goes on after a pause, with what was read before. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ReadingGate.Event.OPENED) {
            ctx.fireUserEventTriggered(event);
        } else if (!connection.isReadingPaused()) {
            pausedBytes = 0;
            decoder.resume();
            timeMessage();
        }
    }

    /**
     * What was read with one read arrives in several parts if it was encrypted, and the system reports the end of what
     * a client sends, or of its socket, while nothing is read. More than that comes from a socket that broke.
     */
    private void readWhilePaused(ByteBuf read) {
        pausedBytes += read.readableBytes();
        decoder.decode(read);
        if (pausedBytes > MAX_PAUSED_BYTES) {
            connection.abort();
        }
    }

    private void timeMessage() {
        if (connection.isReadingPaused()) {
            return; // what is kept is not unfinished because of the client
        }
        if (decoder.isUnfinished()) {
            isMessageTimed = true;
            connection.watch().messageUnfinished();
        } else {
            messageFinished();
        }
    }

    @Override
    public boolean isPaused() {
        return connection.isReadingPaused();
    }

    @Override
    public boolean hold(int bytes) {
        if (bytes <= ArrivalShare.UNCOUNTED_BYTES) {
            if (share != null) {
                share.release();
                share = null;
            }
            return true;
        }
        if (share == null) {
            share = connection.arrivalShare();
        }
        return share.hold(bytes);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        decoder.stop();
        connection.socketClosed(lostCause == null ? "socket closed" : lostCause);
    }

    /** Failures of the socket, and of the dialect while it heard a message. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ReadBuffers.Enough) {
            ReadBuffers.goOn(ctx);
            return;
        }
        if (SocketEnds.isBroken(cause)) {
            lostCause = lostCause == null ? cause.getMessage() : lostCause; // the first one caused the others
            connection.abort();
        } else {
            log.error("connection {} failed", connection.id(), cause);
            decoder.stop(); // it may have been interrupted in the middle of a read
            connection.broken(CloseCode.INTERNAL_ERROR);
        }
    }

    @Override
    public void text(Payload payload) {
        messageFinished();
        if (conversation != null && !connection.isEnding()) {
            conversation.text(payload);
        }
    }

    @Override
    public void binary(Payload payload) {
        messageFinished();
        if (conversation != null && !connection.isEnding()) {
            conversation.binary(payload);
        }
    }

    @Override
    public void ping(Payload payload) {
        if (tryTakeControlFrame() && !connection.isEnding()) {
            connection.pong(payload);
        }
    }

    @Override
    public void pong(Payload payload) {
        if (!connection.ponged(payload)) {
            tryTakeControlFrame(); // only what was not asked for is counted
        }
    }

    @Override
    public void close(int number) {
        connection.closedByClient(number);
    }

    @Override
    public void broken(CloseCode code) {
        if (code.equals(CloseCode.SERVER_BUSY)) {
            connection.reportRefusal(code, "unfinished messages of its address take all the memory they may");
        }
        connection.broken(code);
    }

    private void messageFinished() {
        if (isMessageTimed) {
            isMessageTimed = false;
            connection.watch().messageFinished();
        }
    }

    /** Control frames cost us work and answers, and no honest client sends many. */
    private boolean tryTakeControlFrame() {
        if (controlFrames == null) {
            ClientLimits limits = connection.terms().limits();
            controlFrames = new TokenBucket(
                    limits.connection().controlFramesPerSecond(),
                    limits.connection().controlFramesBurst(),
                    loop.now());
        }
        if (controlFrames.take(loop.now())) {
            return true;
        }
        decoder.stop();
        connection.broken(TOO_MANY_CONTROL_FRAMES);
        return false;
    }
}
