// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One socket, watched: it is ended if no welcome comes in time, or if nothing at all comes for a while after a ping.
 * The answer to a ping waits behind everything the server has sent before, which takes a slow line long; so any byte
 * that arrives counts as a sign of life. What its socket says goes through the client's lock; everything else is to be
 * called under it.
 */
final class WatchedSocket implements ClientSocket.Hearer {

    static final Duration WELCOME_WITHIN = Duration.ofSeconds(10);
    static final Duration PING_EVERY = Duration.ofSeconds(20);
    static final Duration PONG_WITHIN = Duration.ofSeconds(10);

    private final ClientLock exclusive;
    private final Party party;
    private @Nullable ClientSocket socket;
    private ClientLock.@Nullable Alarm alarm;
    private String subprotocol = "";
    private @Nullable Long welcomedNanos;
    private boolean isPongDue;

    /** When the last part of a frame arrived. */
    private long lastReadNanos;

    private boolean isOver;

    /** Whose connection it is. Called under the client's lock. */
    interface Party {

        void received(WatchedSocket connection, String text);

        /** Handles the end of the connection. Not called if this side ended it. */
        void ended(int code, String reason);
    }

    WatchedSocket(ClientLock exclusive, Party party) {
        this.exclusive = exclusive;
        this.party = party;
    }

    void open(ClientSockets sockets, URI server, List<String> subprotocols) {
        await(WELCOME_WITHIN, () -> lose("no welcome"));
        try {
            socket = sockets.open(server, subprotocols, this);
        } catch (RuntimeException e) {
            lose("no socket: " + e);
        }
    }

    @Override
    public void opened(String chosen) {
        exclusive.run(() -> subprotocol = chosen);
    }

    @Override
    public void heardPart() {
        exclusive.run(() -> lastReadNanos = exclusive.nanos());
    }

    @Override
    public void received(String text) {
        exclusive.run(() -> {
            if (!isOver) {
                lastReadNanos = exclusive.nanos();
                party.received(this, text);
            }
        });
    }

    @Override
    public void ended(int code, String reason) {
        exclusive.run(() -> {
            if (!isOver) {
                finish();
                party.ended(code, reason);
            }
        });
    }

    boolean speaks(String protocol) {
        return subprotocol.equals(protocol);
    }

    /** Notes that the server has welcomed the client. */
    void welcomed() {
        welcomedNanos = exclusive.nanos();
        await(PING_EVERY, this::ping);
    }

    /** How long ago it was welcomed; zero if it was not. */
    Duration age() {
        return welcomedNanos == null ? Duration.ZERO : Duration.ofNanos(exclusive.nanos() - welcomedNanos);
    }

    void send(String text) {
        if (!isOver && socket != null) {
            socket.send(text);
        }
    }

    /** Notes that a ping was answered. */
    void pong() {
        if (isPongDue) {
            isPongDue = false;
            await(PING_EVERY, this::ping);
        }
    }

    /** Ends it with a Close frame. */
    void close(int code) {
        if (!isOver) {
            finish();
            if (socket != null) {
                socket.close(code, "");
            }
        }
    }

    /** Ends it as if the network had, and says so. */
    void lose(String why) {
        if (!isOver) {
            finish();
            if (socket != null) {
                socket.abort();
            }
            party.ended(ClientSocket.NO_CLOSE, why);
        }
    }

    private void ping() {
        isPongDue = true;
        lastReadNanos = exclusive.nanos();
        await(PONG_WITHIN, this::loseIfSilent);
        send(ClientMessages.PING);
    }

    private void loseIfSilent() {
        Duration left = PONG_WITHIN.minusNanos(exclusive.nanos() - lastReadNanos);
        if (left.isPositive()) {
            await(left, this::loseIfSilent);
        } else {
            lose("no pong");
        }
    }

    private void await(Duration delay, Runnable task) {
        if (alarm != null) {
            alarm.cancel();
        }
        alarm = exclusive.after(delay, task);
    }

    private void finish() {
        isOver = true;
        if (alarm != null) {
            alarm.cancel();
        }
    }
}
