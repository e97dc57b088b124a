// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Observer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * TLS on one socket. What it holds is bounded: in, one record of 16 KiB and a handshake message of 32 KiB; out, what was
 * written counts as unsent before and after it is encrypted. Its handshake has no deadline of its own, since the one of
 * the request runs from the moment the socket was accepted.
 */
final class TlsHandler extends SslHandler {

    /** A client that does not read hears no goodbye; its socket is closed this much later. */
    private static final long GOODBYE_MILLIS = 500;

    private final Observer observer;
    private boolean isBroken;

    TlsHandler(SSLEngine engine, Observer observer) {
        super(engine);
        this.observer = observer;
        setHandshakeTimeoutMillis(0);
        setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
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
                observer.refused(Sockets.peer(ctx.channel()), 0, reason(cause), () -> "door=tls");
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
