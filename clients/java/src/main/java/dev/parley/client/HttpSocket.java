// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the JDK's client. That one takes one message at a time, so each waits for the one before in a chain of
 * futures.
 *
 * <p>The JDK (seen in 25.0.3) loses an end of the stream that arrives while a message is handled: its {@code
 * TransportImpl.acknowledgeReception} throws an {@code InternalError} where no further message was requested, and the
 * listener is not called. A server that dies right behind a frame, without a Close frame and without a reset, is
 * therefore noticed by {@link WatchedSocket}, which gets no pong, or when sending fails.
 */
final class HttpSocket implements ClientSocket, WebSocket.Listener {

    /** Characters of one message: many times what a roster has at most. */
    private static final int MAX_MESSAGE_LENGTH = 16 * 1024 * 1024;

    private static final int CLOSE_SECONDS = 5;

    private final Hearer hearer;
    private final Executor executor;
    private final StringBuilder message = new StringBuilder();
    private CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private CompletableFuture<WebSocket> sent = opened;

    HttpSocket(Hearer hearer, Executor executor) {
        this.hearer = hearer;
        this.executor = executor;
    }

    /** Opens the socket. Called once, before everything else. */
    void open(HttpClient http, URI server, List<String> subprotocols) {
        List<String> others = subprotocols.subList(1, subprotocols.size());
        opened = http.newWebSocketBuilder()
                .subprotocols(subprotocols.getFirst(), others.toArray(String[]::new))
                .connectTimeout(WatchedSocket.WELCOME_WITHIN)
                .buildAsync(server, this);
        sent = opened;
        reportFailure(opened);
    }

    @Override
    public void send(String text) {
        then(webSocket -> webSocket.sendText(text, true));
    }

    @Override
    public void close(int code, String reason) {
        then(webSocket -> webSocket.sendClose(code, reason));
        CompletableFuture.delayedExecutor(CLOSE_SECONDS, TimeUnit.SECONDS, executor)
                .execute(this::abort);
    }

    /** Aborts the socket, also if it opens later. */
    @Override
    public void abort() {
        opened.thenAccept(WebSocket::abort);
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        hearer.opened(webSocket.getSubprotocol());
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean isLast) {
        message.append(data);
        if (message.length() > MAX_MESSAGE_LENGTH) {
            fail(webSocket, "a message too long");
            return null;
        }
        if (isLast) {
            String text = message.toString();
            message.setLength(0);
            hearer.received(text);
        } else {
            hearer.heardPart();
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean isLast) {
        fail(webSocket, "a binary message");
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        hearer.ended(code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        hearer.ended(NO_CLOSE, why(error));
    }

    private void fail(WebSocket webSocket, String why) {
        webSocket.abort();
        hearer.ended(NO_CLOSE, why);
    }

    private void then(Function<WebSocket, CompletionStage<WebSocket>> step) {
        CompletableFuture<WebSocket> next = sent.thenCompose(step);
        sent = next;
        reportFailure(next);
    }

    private void reportFailure(CompletableFuture<WebSocket> future) {
        future.exceptionallyAsync(
                failure -> {
                    hearer.ended(NO_CLOSE, why(failure));
                    throw new CompletionException(failure);
                },
                executor);
    }

    private static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof WebSocketHandshakeException refused
                ? "HTTP " + refused.getResponse().statusCode()
                : cause.toString();
    }
}
