// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.HttpReply;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a WebSocket of the socket of a request, or says why not.
 *
 * @param number of the socket, see {@link AcceptOrder}
 */
record SocketUpgrade(
        long number,
        ListenerServices services,
        SocketPipeline pipeline,
        RequestDeadline deadline,
        UnadmittedSockets.Place place) {

    private static final Logger log = LoggerFactory.getLogger(SocketUpgrade.class);

    private static final RequestRefusal NOT_SERVED =
            new RequestRefusal(HttpResponseStatus.NOT_FOUND, "No WebSocket is served at this path.");
    private static final RequestRefusal TOO_MANY_CONNECTS =
            new RequestRefusal(HttpResponseStatus.TOO_MANY_REQUESTS, "Too many connections were asked for.");
    private static final RequestRefusal TOO_MANY_CONNECTIONS =
            new RequestRefusal(HttpResponseStatus.TOO_MANY_REQUESTS, "Too many connections of this address are open.");

    /** Returns why it is refused; null if the socket is a WebSocket now, or is closed. */
    @Nullable
    HttpReply attempt(ChannelHandlerContext ctx, HttpRequest request, ClientRequest asked) {
        Dialect dialect = services.dialect(asked.path());
        RequestRefusal refusal = dialect == null ? NOT_SERVED : WebSocketHandshake.fault(request);
        if (refusal != null) {
            return RequestReplies.of(refusal);
        }
        if (!isAdmitted(asked, requireNonNull(dialect))) {
            return RequestReplies.of(TOO_MANY_CONNECTS);
        }
        if (!pipeline.open().open(asked.client())) {
            return RequestReplies.of(TOO_MANY_CONNECTIONS);
        }
        pipeline.open().closeWith(ctx.channel(), asked.client());
        return switch (dialect.receive(asked)) {
            case Dialect.Accepted accepted -> {
                upgrade(ctx, request, asked, dialect, accepted);
                yield null;
            }
            case Dialect.Refused refused -> refused.reply().refusedFor(refused.reason());
        };
    }

    private boolean isAdmitted(ClientRequest asked, Dialect dialect) {
        ArrivalThrottle throttle = services.throttle();
        return (throttle.acceptsSecrets(asked.client()) || dialect.isPublic(asked))
                && throttle.tryConnect(asked.client());
    }

    private void upgrade(
            ChannelHandlerContext ctx,
            HttpRequest request,
            ClientRequest asked,
            Dialect dialect,
            Dialect.Accepted accepted) {
        ChannelFuture answer = ctx.write(WebSocketHandshake.accept(request, accepted.protocol()));
        if (answer.isDone() && !answer.isSuccess()) {
            log.error("a handshake could not be answered", answer.cause());
            ctx.close();
            return;
        }
        if (!asked.client().equals(SocketEnds.peer(ctx.channel()))) {
            SocketEnds.openedFor(ctx.channel(), asked.client());
        }
        ctx.channel().config().setAutoRead(true); // the request may have waited for others before it
        pipeline.upgrade(number, ctx.channel(), pipeline.traffic(dialect), accepted.opening(), deadline.at(), place);
    }
}
