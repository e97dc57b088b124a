// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ServerObserver;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/**
 * TLS on one socket. What it holds is bounded: in, one record of 16 KiB and a handshake message of 32 KiB; out, what
 * was written counts as unsent before and after it is encrypted. Its handshake has no deadline of its own, since the
 * one of the request runs from the moment the socket was accepted.
 */
final class TlsHandler extends SslHandler {

    /** A client that does not read hears no goodbye; its socket is closed this much later. */
    private static final long GOODBYE_MILLIS = 500;

    /** What may wait for a task of the handshake: more than any part of one. */
    private static final int MAX_WAITING_BYTES = 48 << 10;

    private final ServerObserver observer;
    private boolean isBroken;

    /** @param tasks runs what would keep the loop busy: signatures of handshakes */
    TlsHandler(SSLEngine engine, Executor tasks, ServerObserver observer) {
        super(engine, tasks);
        this.observer = observer;
        setHandshakeTimeoutMillis(0);
        setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
    }

    /** A client that sends on while its handshake waits for a signature has no use for the answer. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        super.channelRead(ctx, message);
        if (actualReadableBytes() > MAX_WAITING_BYTES) {
            ctx.close();
        }
    }

    /** What breaks the rules of TLS ends the socket here; nobody behind it can say anything on such a socket. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (!(cause instanceof DecoderException)) {
            super.exceptionCaught(ctx, cause);
            return;
        }
        if (!isBroken) {
            isBroken = true;
            if (!handshakeFuture().isSuccess()) {
                observer.refused(SocketEnds.peer(ctx.channel()), 0, reason(cause), () -> "door=tls");
            }
            ctx.close();
        }
    }

    /** What was no record of TLS is not repeated: it may be a request with a credential. */
    private static String reason(Throwable cause) {
        Throwable origin = cause.getCause();
        return origin == null || origin instanceof NotSslRecordException
                ? "it did not begin with TLS"
                : "its TLS handshake failed: " + origin.getMessage();
    }
}
