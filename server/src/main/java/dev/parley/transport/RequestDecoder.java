// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes bytes to requests, as Netty reads them; a head that {@link HeadScan} rejects makes a failed one. Counts what
 * it has received of a request that is unfinished.
 */
final class RequestDecoder extends HttpRequestDecoder {

    /** What the next handler is notified of. */
    enum Event {
        /** The bytes of unfinished requests are more than the share of the client. Nothing that follows may be kept. */
        OVER_SHARE
    }

    /**
     * How often a part of a head is in memory at most: in a buffer that has grown, or as bytes of a line and as text.
     */
    private static final int COPIES = 2;

    /** What may wait behind a request: three reads, and what the encryption of one holds back. */
    private static final int MAX_WAITING_BYTES = 128 << 10;

    private final HeadScan scan = new HeadScan();
    private final ArrivalShare share;
    private boolean isInHead = true;
    private boolean isPaused;

    /** Null until the decoder is part of a pipeline. */
    private @Nullable ChannelHandlerContext context;

    /** What was decoded of the request that is unfinished. */
    private int requestBytes;

    RequestDecoder(HttpDecoderConfig config, ArrivalShare share) {
        super(config);
        this.share = share;
    }

    /** Decodes no further request until {@link #resume}. */
    void pause() {
        isPaused = true;
    }

    /** Returns whether bytes were received that are not decoded. */
    boolean hasInput() {
        return actualReadableBytes() > 0;
    }

    /** Decodes what was received during the pause. */
    void resume() {
        isPaused = false;
        ChannelHandlerContext ctx = context;
        if (ctx == null || isRemoved() || !hasInput()) {
            return;
        }
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }

    /** Returns whether the socket has become a WebSocket, got its last answer or was closed. */
    boolean isRemoved() {
        return context == null || context.isRemoved();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        super.channelRead(ctx, message);
        if (ctx.isRemoved()) {
            return;
        }
        int waiting = actualReadableBytes();
        if (isPaused && waiting > MAX_WAITING_BYTES) {
            ctx.close();
        } else if (!share.hold(COPIES * (requestBytes + waiting))) {
            ctx.fireUserEventTriggered(Event.OVER_SHARE);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        share.release();
        super.handlerRemoved0(ctx);
    }

    /** The name of the protocol counts in capitals only (RFC 9112 section 2.3). */
    @Override
    protected HttpMessage createMessage(String[] requestLine) throws Exception {
        if (!requestLine[2].startsWith("HTTP/")) {
            throw new IllegalArgumentException("no version of HTTP");
        }
        return super.createMessage(requestLine);
    }

    /** Reads on; up to the request that comes out, what was read is its head, and nothing else. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (isPaused) {
            return;
        }
        int begin = buffer.readerIndex();
        int before = out.size();
        super.decode(ctx, buffer, out);
        if (isInHead) {
            requestBytes += buffer.readerIndex() - begin;
            buffer.forEachByte(begin, buffer.readerIndex() - begin, scan);
        }
        for (Object part : out.subList(before, out.size())) {
            if (part instanceof HttpRequest request) {
                isInHead = false;
                if (scan.isBroken() && request.decoderResult().isSuccess()) {
                    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("not a clean head")));
                }
            }
            if (part instanceof HttpContent content) {
                requestBytes += content.content().readableBytes();
            }
            if (part instanceof LastHttpContent) {
                isInHead = true;
                requestBytes = 0;
                scan.reset();
            }
        }
    }
}
