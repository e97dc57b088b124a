// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.RequestLimits;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
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
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the HTTP requests of one socket, and answers each, until {@link SocketUpgrade} makes it a WebSocket. */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);
    private static final Map<String, String> UPGRADE = Map.of("Upgrade", "websocket");

    private static final String TOO_MANY_FAILURES = "too many bad credentials came from this address";
    private static final String WEBSOCKET_ONLY = "Here is a WebSocket: connect with ws:// or wss://.";

    private static final RequestRefusal SERVER_BUSY = new RequestRefusal(
            HttpResponseStatus.SERVICE_UNAVAILABLE,
            "The server is busy: unfinished requests of this address take all the memory they may.");

    private final long number;
    private final ListenerServices services;
    private final SocketPipeline pipeline;
    private final RequestDeadline deadline;
    private final UnadmittedSockets.Place place;
    private final RequestLimits limits;
    private final RequestPipelining pipelining;
    private @Nullable ArrivingRequest arriving;

    /** The request was {@code HEAD}: what answers it has no body, only its length. */
    private boolean isHead;

    /** The last answer was given: what still comes is dropped until the client closes or the deadline passes. */
    private boolean isFinished;

    /** @param number of the socket, see {@link AcceptOrder} */
    RequestHandler(
            long number,
            ListenerServices services,
            SocketPipeline pipeline,
            RequestDeadline deadline,
            UnadmittedSockets.Place place,
            RequestLimits limits,
            RequestPipelining pipelining) {
        this.number = number;
        this.services = services;
        this.pipeline = pipeline;
        this.deadline = deadline;
        this.place = place;
        this.limits = limits;
        this.pipelining = pipelining;
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
    public void channelInactive(ChannelHandlerContext ctx) {
        place.leave();
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
            if (message instanceof HttpContent content && arriving != null) {
                receive(ctx, content, arriving);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!isFinished) {
            pipelining.readComplete();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!isFinished) {
            pipelining.writabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != RequestDecoder.Event.OVER_SHARE) {
            ctx.fireUserEventTriggered(event);
        } else if (!isFinished) {
            isHead = arriving != null && isHead;
            arriving = null;
            InetAddress client = SocketEnds.peer(ctx.channel());
            int status = SERVER_BUSY.status().code();
            services.observer().refused(client, status, SERVER_BUSY.explanation(), () -> "door=http");
            write(ctx, RequestReplies.of(SERVER_BUSY), false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ReadBuffers.Enough) {
            ReadBuffers.goOn(ctx);
            return;
        }
        if (SocketEnds.isBroken(cause) || isFinished) {
            ctx.close();
        } else {
            log.error("a request failed", cause);
            write(
                    ctx,
                    RequestReplies.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "The server failed.", Map.of()),
                    false);
        }
    }

    /** What is wrong with a request is answered at its head: the rest may never come. */
    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        isHead = request.method().equals(HttpMethod.HEAD);
        RequestRefusal refusal = RequestRules.fault(request, services.guests());
        if (refusal != null) {
            refuse(ctx, request, refusal);
            return;
        }
        ClientRequest asked = asked(ctx, request);
        boolean isUpgrade = WebSocketHandshake.isAskedFor(request);
        HttpApi api = isUpgrade ? null : services.api(asked.path());
        if (api == null && RequestRules.hasBody(request)) {
            refuse(ctx, request, new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "No request here takes a body."));
        } else if (api != null && !services.throttle().acceptsSecrets(asked.client()) && !api.isPublic(asked)) {
            tell(ctx, request, HttpResponseStatus.TOO_MANY_REQUESTS.code(), TOO_MANY_FAILURES);
            write(ctx, api.tooMany(), false);
        } else if (api != null && HttpUtil.getContentLength(request, 0L) > limits.bodyBytes()) {
            write(ctx, api.tooLarge(), false);
        } else {
            if (HttpUtil.is100ContinueExpected(request) && RequestRules.hasBody(request)) {
                ctx.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            }
            arriving = new ArrivingRequest(request, asked, api);
        }
    }

    private void receive(ChannelHandlerContext ctx, HttpContent content, ArrivingRequest request) {
        if (content.decoderResult().isFailure()) {
            arriving = null;
            refuse(
                    ctx,
                    request.head(),
                    new RequestRefusal(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request."));
        } else if (request.api() != null && !request.take(content.content(), limits.bodyBytes())) {
            arriving = null;
            write(ctx, request.api().tooLarge(), false);
        } else if (content instanceof LastHttpContent) {
            arriving = null;
            answer(ctx, request);
        }
    }

    private void answer(ChannelHandlerContext ctx, ArrivingRequest request) {
        HttpRequest head = request.head();
        if (WebSocketHandshake.isAskedFor(head)) {
            HttpReply refusal =
                    new SocketUpgrade(number, services, pipeline, deadline, place).attempt(ctx, head, request.asked());
            if (refusal != null) {
                reply(ctx, head, refusal, false);
            }
        } else {
            boolean isKeptAlive = head.protocolVersion().equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(head);
            HttpApi api = request.api();
            if (api == null) {
                reply(ctx, head, serve(request.asked()), isKeptAlive);
            } else {
                ask(ctx, api, request, isKeptAlive);
            }
        }
    }

    /** The answer may come later. It has as long as a request may take to arrive. */
    private void ask(ChannelHandlerContext ctx, HttpApi api, ArrivingRequest request, boolean isKeptAlive) {
        HttpRequest head = request.head();
        PendingReply pending = new PendingReply(pipelining.loop(), reply -> {
            if (!isFinished && ctx.channel().isActive()) {
                reply(ctx, head, reply, isKeptAlive);
            }
        });
        api.answer(request.asked(), request.body(), pending);
        HttpReply reply = pending.take();
        if (reply == null) {
            deadline.begin();
            pipelining.await();
        } else {
            reply(ctx, head, reply, isKeptAlive);
        }
    }

    private void reply(ChannelHandlerContext ctx, HttpRequest head, HttpReply reply, boolean isKeptAlive) {
        if (reply.refusal() != null) {
            tell(ctx, head, reply.status(), reply.refusal());
        }
        write(ctx, reply, isKeptAlive);
    }

    private HttpReply serve(ClientRequest asked) {
        HttpRoute route = services.routes().get(asked.path());
        if (route != null) {
            boolean isRead = asked.method().equals("GET") || asked.method().equals("HEAD");
            return isRead
                    ? route.reply(asked)
                    : RequestReplies.text(
                            HttpResponseStatus.METHOD_NOT_ALLOWED,
                            "Only GET and HEAD are answered here.",
                            Map.of("Allow", "GET, HEAD"));
        }
        return services.dialect(asked.path()) == null
                ? RequestReplies.text(HttpResponseStatus.NOT_FOUND, "Nothing is served at this path.", Map.of())
                : RequestReplies.text(HttpResponseStatus.UPGRADE_REQUIRED, WEBSOCKET_ONLY, UPGRADE);
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest request, RequestRefusal refusal) {
        reply(ctx, request, RequestReplies.of(refusal), false);
    }

    private void tell(ChannelHandlerContext ctx, HttpRequest request, int status, String reason) {
        InetAddress client = ClientAddress.of(request, SocketEnds.peer(ctx.channel()), services.proxies());
        services.observer().refused(client, status, reason, () -> LoggedRequest.of(request));
    }

    private void write(ChannelHandlerContext ctx, HttpReply reply, boolean isKeptAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()));
        HttpHeaders headers = response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(headers::set);
        if (reply.status() != HttpResponseStatus.NOT_MODIFIED.code()) { // it would be the length of what is not sent
            headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        }
        if (isKeptAlive) {
            ctx.write(response);
            deadline.begin();
            pipelining.answered(reply.body().length);
        } else {
            isFinished = true;
            ctx.channel().config().setAutoRead(true);
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            SocketEnds.endAfter(ctx.channel(), ctx.writeAndFlush(response));
            pipeline.endHttp(ctx.channel());
        }
    }

    private ClientRequest asked(ChannelHandlerContext ctx, HttpRequest request) {
        InetAddress socket = SocketEnds.peer(ctx.channel());
        if (request.headers().contains(ClientAddress.FORWARDED_FOR)
                && !services.proxies().include(socket)) {
            pipeline.metUnknownProxy(socket);
        }
        String target = request.uri();
        int query = target.indexOf('?');
        return new ClientRequest(
                request.method().name(),
                query < 0 ? target : target.substring(0, query),
                query < 0 ? "" : target.substring(query + 1),
                request.headers()::getAll,
                ClientAddress.of(request, socket, services.proxies()));
    }
}
