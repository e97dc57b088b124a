// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Dialect;
import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP on one socket until it becomes a WebSocket: checks the request, then answers from a route or upgrades. */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String WEBSOCKET_ONLY = "Here is a WebSocket: connect with ws:// or wss://.";

    private final Site site;
    private final Pipeline pipeline;
    private final RefusalLog refusals;
    private final RequestDeadline deadline;
    private @Nullable HttpRequest arriving;

    /** The last answer was given: what still comes is dropped until the client closes or the deadline passes. */
    private boolean isFinished;

    RequestHandler(Site site, Pipeline pipeline, RefusalLog refusals, RequestDeadline deadline) {
        this.site = site;
        this.pipeline = pipeline;
        this.refusals = refusals;
        this.deadline = deadline;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline.begin();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.end();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (isFinished) {
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (message instanceof LastHttpContent && arriving != null) {
                HttpRequest request = arriving;
                arriving = null;
                answer(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!isFinished) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || isFinished) {
            ctx.close();
        } else {
            log.error("a request failed", cause);
            write(ctx, text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "The server failed.", Map.of()), false);
        }
    }

    /** What is wrong with a request is answered at its head: the rest may never come. */
    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        if (!ctx.channel().isWritable()) {
            isFinished = true;
            ctx.close(); // it asks for more than it reads
            return;
        }
        Refusal refusal = RequestRules.fault(request);
        if (refusal == null) {
            arriving = request;
        } else {
            refuse(ctx, request, refusal);
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest request) {
        if (Handshake.isAskedFor(request)) {
            upgrade(ctx, request);
        } else {
            boolean isKeptAlive =
                    request.protocolVersion().equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(request);
            write(ctx, serve(request), isKeptAlive);
        }
    }

    private void upgrade(ChannelHandlerContext ctx, HttpRequest request) {
        switch (site.receive(asked(request))) {
            case Dialect.Accepted accepted -> {
                Refusal refusal = Handshake.fault(request);
                if (refusal != null) {
                    refuse(ctx, request, refusal);
                } else {
                    ctx.write(Handshake.accept(request));
                    pipeline.upgrade(ctx.channel(), accepted.opening(), deadline.at());
                }
            }
            case Dialect.NotServed notServed ->
                refuse(ctx, request, new Refusal(HttpResponseStatus.NOT_FOUND, "No WebSocket is served at this path."));
        }
    }

    private Reply serve(HttpRequest request) {
        Request asked = asked(request);
        Route route = site.routes().get(asked.path());
        if (route != null) {
            boolean isRead =
                    request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
            return isRead
                    ? route.reply(asked)
                    : text(
                            HttpResponseStatus.METHOD_NOT_ALLOWED,
                            "Only GET and HEAD are answered here.",
                            Map.of("Allow", "GET, HEAD"));
        }
        return switch (site.receive(asked)) {
            case Dialect.Accepted accepted ->
                text(HttpResponseStatus.UPGRADE_REQUIRED, WEBSOCKET_ONLY, Map.of("Upgrade", "websocket"));
            case Dialect.NotServed notServed ->
                text(HttpResponseStatus.NOT_FOUND, "Nothing is served at this path.", Map.of());
        };
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest request, Refusal refusal) {
        HttpHeaders headers = request.headers();
        refusals.refused(
                refusal,
                request.decoderResult().isSuccess() ? asked(request).path() : "-",
                headers.get(HttpHeaderNames.HOST, "-"),
                headers.get(HttpHeaderNames.ORIGIN, "-"));
        Map<String, String> version = refusal.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)
                ? Map.of("Sec-WebSocket-Version", Handshake.VERSION, "Upgrade", "websocket")
                : Map.of();
        write(ctx, text(refusal.status(), refusal.explanation(), version), false);
    }

    private void write(ChannelHandlerContext ctx, Reply reply, boolean isKeptAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), Unpooled.wrappedBuffer(reply.body()));
        HttpHeaders headers = response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(headers::set);
        if (isKeptAlive) {
            ctx.writeAndFlush(response);
            deadline.begin();
        } else {
            isFinished = true;
            ctx.channel().config().setAutoRead(true);
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            Sockets.endAfter(ctx.channel(), ctx.writeAndFlush(response));
        }
    }

    private static Reply text(HttpResponseStatus status, String sentence, Map<String, String> headers) {
        return new Reply(status.code(), TEXT, headers, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Request asked(HttpRequest request) {
        String target = request.uri();
        int query = target.indexOf('?');
        return query < 0
                ? new Request(target, "")
                : new Request(target.substring(0, query), target.substring(query + 1));
    }
}
