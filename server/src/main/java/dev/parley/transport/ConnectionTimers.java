// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.KeepaliveSettings;
import dev.parley.core.port.CloseCode;
import org.jspecify.annotations.Nullable;

/**
 * The times of one WebSocket connection: admission, unfinished message, ping and pong, closing. For its loop only.
 *
 * <p>One entry in the wheel stands for all of them: it fires at the earliest and looks which it was.
 */
final class ConnectionTimers extends TimerWheel.Entry {

    private static final CloseCode NOT_ADMITTED = new CloseCode(1008, "not admitted in time");
    private static final CloseCode MESSAGE_TOO_SLOW = new CloseCode(1008, "message took too long");
    static final CloseCode NO_PONG = new CloseCode(1008, "no pong");

    /** Time between the warning that the server stops and the close, for clients to receive the warning. */
    private static final long WARNING_NANOS = 200_000_000;

    private final WebSocketConnection connection;
    private final NettyLoop loop;
    private final WebSocketTerms terms;

    private long admitBy;
    private long messageBy = TimerWheel.NEVER;
    private long pingOrPongAt = TimerWheel.NEVER;
    private long closeBy = TimerWheel.NEVER;
    private long warnAt = TimerWheel.NEVER;
    private long leaveAt = TimerWheel.NEVER;
    private Pulse pulse = Pulse.QUIET;

    /** Reading was paused since the last ping, so its answer may lie in what was not read. */
    private boolean isPongExcused;

    /** Reading was paused since a message has begun. */
    private boolean isMessageExcused;

    /** Null once the client is admitted. */
    private UnadmittedSockets.@Nullable Place place;

    /** Where a connection stands between one ping and the next. */
    private enum Pulse {
        QUIET,
        ASKED,
        ANSWERED
    }

    /**
     * @param admitBy the admission time as the loop's clock counts, running since the socket was accepted
     * @param place among the clients that are not admitted
     */
    ConnectionTimers(
            WebSocketConnection connection,
            NettyLoop loop,
            WebSocketTerms terms,
            long admitBy,
            UnadmittedSockets.Place place) {
        this.connection = connection;
        this.loop = loop;
        this.terms = terms;
        this.admitBy = admitBy;
        this.place = place;
    }

    void begin() {
        if (loop.isDraining()) {
            drain(loop.now());
        } else {
            set();
        }
    }

    void admitted() {
        leaveLobby();
        admitBy = TimerWheel.NEVER;
        pingOrPongAt = loop.now() + keepalive().ping().toNanos();
        set();
    }

    /** A message has begun; its time runs from the first call. */
    void messageUnfinished() {
        if (messageBy == TimerWheel.NEVER && closeBy == TimerWheel.NEVER) {
            isMessageExcused = false;
            messageBy = loop.now() + terms.limits().message().time().toNanos();
            loop.wheel().advanceTo(this, messageBy);
        }
    }

    void messageFinished() {
        messageBy = TimerWheel.NEVER; // the wheel finds out when it gets there
    }

    void pong() {
        if (pulse == Pulse.ASKED) {
            pulse = Pulse.ANSWERED;
        }
    }

    /** Reading was paused, and what the client sent in time may not have been read yet. */
    void excuse() {
        isPongExcused = true;
        isMessageExcused = true;
    }

    /** Cancels all timers but the one that awaits the end of the socket. */
    void closing() {
        admitBy = TimerWheel.NEVER;
        messageBy = TimerWheel.NEVER;
        pingOrPongAt = TimerWheel.NEVER;
        warnAt = TimerWheel.NEVER;
        leaveAt = TimerWheel.NEVER;
        closeBy = loop.now() + terms.limits().connection().closeTime().toNanos();
        set();
    }

    void end() {
        leaveLobby();
        loop.wheel().cancel(this);
    }

    private void leaveLobby() {
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    @Override
    void due(long now) {
        if (now >= closeBy) {
            connection.abort();
        } else if (now >= leaveAt) {
            connection.close(CloseCode.GOING_AWAY);
        } else if (now >= warnAt) {
            warnAt = TimerWheel.NEVER;
            leaveAt = now + WARNING_NANOS;
            set();
            connection.drain();
        } else if (now >= admitBy) {
            connection.close(NOT_ADMITTED);
        } else if (now >= messageBy) {
            messageOverdue(now);
        } else if (now >= pingOrPongAt) {
            pingOrPong(now);
        } else {
            set();
        }
    }

    @Override
    void drain(long at) {
        if (closeBy == TimerWheel.NEVER) {
            warnAt = at;
        }
        set();
    }

    private void messageOverdue(long now) {
        if (connection.isReadingPaused() || isMessageExcused) {
            isMessageExcused = false;
            messageBy = now + terms.limits().message().time().toNanos();
            set();
        } else {
            connection.close(MESSAGE_TOO_SLOW);
        }
    }

    /**
     * Pings go out at a fixed pace and only a pong counts as life: neither what we send nor what else the client sends
     * hides a client that stopped answering.
     */
    private void pingOrPong(long now) {
        switch (pulse) {
            case QUIET -> {
                isPongExcused = false;
                pulse = Pulse.ASKED;
                pingOrPongAt = now + keepalive().timeout().toNanos();
                set();
                connection.ping(); // last: should it fail, the deadlines are watched all the same
            }
            case ANSWERED -> {
                pulse = Pulse.QUIET;
                pingOrPongAt =
                        now + keepalive().ping().minus(keepalive().timeout()).toNanos();
                set();
            }
            case ASKED -> pongOverdue(now);
        }
    }

    /**
     * A client counts as alive until all it sent has been read, which takes as long as its own messages need at the
     * rate they are handled. A machine that is gone is found out by the system meanwhile, as it does not confirm the
     * pings.
     */
    private void pongOverdue(long now) {
        if (connection.isReadingPaused() || isPongExcused) {
            connection.limitUnconfirmed(keepalive().ping().plus(keepalive().timeout()));
            connection.ping();
            isPongExcused = false;
            pingOrPongAt = now + keepalive().timeout().toNanos();
            set();
        } else {
            connection.fellSilent(NO_PONG);
        }
    }

    private KeepaliveSettings keepalive() {
        return terms.keepalive();
    }

    private void set() {
        long opening = Math.min(admitBy, messageBy);
        long closing = Math.min(Math.min(warnAt, leaveAt), closeBy);
        loop.wheel().set(this, Math.min(Math.min(opening, pingOrPongAt), closing));
    }
}
