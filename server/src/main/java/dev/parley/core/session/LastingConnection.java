// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.port.UndeliveredReason;
import java.time.Duration;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a session that outlives its sockets: one socket after another, or none for a while. It decides
 * which socket the session has and when it is over; {@link LastingDelivery} sends its frames. See docs/continuity.md.
 *
 * <p>It stays on the loop of its first socket.
 */
public final class LastingConnection implements ClientConnection {

    private final SessionRegistry registry;
    private final LastingProtocol protocol;
    private final Loop loop;
    private final long id;
    private final LastingDelivery delivery;
    private final TokenTurns turns = new TokenTurns();
    private @Nullable Owner owner;

    /** The number of its current or last socket in the order of acceptance. */
    private long arrival;

    /** Null while the session goes on. */
    private @Nullable SessionEnd end;

    /** The server is about to stop: a client that is lost now has nothing to come back to. */
    private boolean isStopping;

    /** How often reading is paused, whatever socket the client has. */
    private int readingHolds;

    /** Open while the session goes on without a socket, else null. */
    private @Nullable ResumeWindow window;

    /** Null while nobody asks whether the client is alive. */
    private @Nullable LifeProbes probes;

    /**
     * What a client brings that wants to go on.
     *
     * @param arrival the number of its socket, see {@link ClientConnection#id}: of two attempts the later has the
     *     session
     * @param turn of its resume token
     * @param position the number of the last frame it received
     */
    public record ResumeAttempt(long arrival, int turn, long position) {}

    /** What came of that. */
    public enum ResumeOutcome {
        /** The session goes on. */
        RESUMED,
        /** A later socket has it already. */
        STALE,
        /** It is over, see {@link #end}. */
        OVER
    }

    /** Whose connection it is. Called on its loop. */
    interface Owner {

        /** The client has been away for a while, or is back after that. */
        void away(boolean isAway);

        /** Messages may be handled again after reading was paused. */
        void readingResumed();

        /** Handles the end of the session. The last call. */
        void ended(SessionEnd how, ConnectionEnding last);
    }

    /**
     * A connection that begins with this socket.
     *
     * @param peerId what others address the client by
     * @param memory counts what is kept for the client
     */
    LastingConnection(
            SessionRegistry registry,
            LastingProtocol protocol,
            ClientConnection first,
            String peerId,
            AddressMemory memory) {
        this.registry = registry;
        this.protocol = protocol;
        this.loop = first.loop();
        this.id = first.id();
        this.arrival = id;
        HeldMessages holding = new HeldMessages(memory, this);
        this.delivery =
                new LastingDelivery(registry, protocol, first, peerId, holding, () -> close(CloseCode.SLOW_CONSUMER));
    }

    /** Sets the owner, once, before anything can happen to it. */
    void setOwner(Owner newOwner) {
        owner = newOwner;
    }

    /** Sends its frames. */
    LastingDelivery delivery() {
        return delivery;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    /** Returns the id of its first socket. */
    @Override
    public long id() {
        return id;
    }

    /** Which of the session's resume tokens is the newest. */
    public int turn() {
        return turns.newest();
    }

    /** Why the session is over, null if it is not. */
    public @Nullable SessionEnd end() {
        return end;
    }

    @Override
    public void admitted() {
        delivery.link().onSocket(ClientConnection::admitted);
    }

    // Reading.

    /** Holds outlive sockets: a client that is back is read when the last one is taken back. */
    @Override
    public void pauseReading() {
        if (readingHolds++ == 0) {
            delivery.link().onSocket(ClientConnection::pauseReading);
        }
    }

    @Override
    public void resumeReading() {
        if (readingHolds == 0) {
            throw new IllegalStateException("reading is not paused");
        }
        if (--readingHolds == 0) {
            delivery.link().onSocket(ClientConnection::resumeReading);
            owner().readingResumed();
        }
    }

    /** Whether no message of the client may be handled. */
    boolean isReadingPaused() {
        return readingHolds > 0;
    }

    /** Whether this is the socket it has. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    boolean isCurrent(ClientConnection it) {
        return it == delivery.socket();
    }

    /** Whether what this socket brings counts. A first word on it shows that the client has the newest resume token. */
    boolean acceptFrom(ClientConnection from) {
        if (!isCurrent(from)) {
            return false;
        }
        turns.confirm();
        return true;
    }

    // Sending.

    @Override
    public void send(Frame frame) {
        delivery.send(frame, null);
    }

    /** Whether a signal is sent, or reported as undelivered, at once. */
    @Override
    public boolean isWritable() {
        return delivery.isWritable();
    }

    @Override
    public void whenWritable(Runnable task) {
        delivery.whenWritable(task);
    }

    // Sockets.

    /**
     * Goes on over this socket: the welcome, what the client missed, then what is new.
     *
     * @param attempt what the client brings
     * @param welcome the first words, given the turn of the next resume token
     */
    public ResumeOutcome resume(ClientConnection next, ResumeAttempt attempt, IntFunction<Frame> welcome) {
        if (end != null) {
            return ResumeOutcome.OVER;
        }
        if (attempt.arrival() < arrival) {
            return ResumeOutcome.STALE;
        }
        if (delivery.stopped() != null) {
            closeAndEnd(SessionEnd.STATE_LOST, CloseCode.GOING_AWAY);
        } else if (!turns.isValid(attempt.turn())) {
            closeAndEnd(SessionEnd.REVOKED, CloseCode.SESSION_REVOKED);
        } else if (!delivery.reaches(attempt.position())) {
            closeAndEnd(SessionEnd.OVERFLOW, CloseCode.REPLACED);
        } else {
            continueOn(next, attempt, welcome);
        }
        return end == null ? ResumeOutcome.RESUMED : ResumeOutcome.OVER;
    }

    private void continueOn(ClientConnection next, ResumeAttempt attempt, IntFunction<Frame> welcome) {
        ResumeWindow closed = closeWindow();
        ClientConnection old = delivery.socket();
        delivery.setSocket(next); // first: the end of the old socket does not concern the session any more
        arrival = attempt.arrival();
        if (old != null) {
            delivery.link().onLoopOf(old, it -> it.close(CloseCode.REPLACED));
        }
        turns.next();
        if (isReadingPaused()) {
            delivery.link().onLoopOf(next, ClientConnection::pauseReading);
        }
        delivery.resume(attempt.position(), welcome.apply(turns.newest()));
        answerProbes();
        delivery.waitUntilWritable();
        if (closed != null && closed.isAnnounced()) {
            owner().away(false);
        }
    }

    /** Continues the session without a socket. */
    private void detach(ConnectionEnding last) {
        delivery.setSocket(null);
        window = new ResumeWindow(registry, loop, () -> owner().away(true), () -> end(SessionEnd.EXPIRED, last));
    }

    /** Returns the window that was open, null if none was. */
    private @Nullable ResumeWindow closeWindow() {
        ResumeWindow closed = window;
        if (closed != null) {
            window = null;
            closed.close();
        }
        return closed;
    }

    /** This socket is over. It matters if it is the one the session has now. */
    void socketEnded(ClientConnection from, ConnectionEnding how) {
        if (!isCurrent(from)) {
            return;
        }
        SessionEnd why = protocol.sessionEnd(how);
        if (why != null && why != SessionEnd.GOING_AWAY) {
            delivery.setSocket(null);
            end(why, how);
            return;
        }
        detach(how);
        if (why != null || isStopping) {
            stopDelivery();
        }
    }

    // Its end.

    /** The server is about to stop: what is kept for a client that is away, now or soon, will not reach it. */
    void drain() {
        isStopping = true;
        if (delivery.socket() == null && end == null) {
            stopDelivery();
        }
    }

    private void stopDelivery() {
        delivery.stop(UndeliveredReason.GOING_AWAY);
        delivery.reportUnconfirmed();
    }

    /** Some reasons end the session, others only its socket, which is not heard any more then. */
    @Override
    public void close(CloseCode code) {
        if (end != null) {
            return;
        }
        if (code.equals(CloseCode.SLOW_CONSUMER)) {
            closeAndEnd(SessionEnd.OVERFLOW, code); // the session has left out a frame
            return;
        }
        SessionEnd why = protocol.sessionEnd(code);
        ClientConnection old = delivery.socket();
        if (why != null) {
            closeAndEnd(why, code);
        } else if (old != null) {
            detach(new ConnectionEnding.Closed(code)); // first: tasks that wait for it find the session without it
            delivery.link().onLoopOf(old, it -> it.close(code));
        }
    }

    private void closeAndEnd(SessionEnd how, CloseCode code) {
        ClientConnection old = delivery.socket();
        delivery.setSocket(null); // first: what the socket says of its end is no news
        if (old != null) {
            delivery.link().onLoopOf(old, it -> it.close(code));
        }
        end(how, new ConnectionEnding.Closed(code));
    }

    /** First the client leaves, so that no later signal for it is accepted. */
    private void end(SessionEnd how, ConnectionEnding last) {
        if (end != null) {
            return;
        }
        end = how;
        delivery.stop(UndeliveredReason.of(how));
        delivery.setSocket(null);
        closeWindow();
        try {
            owner().ended(how, last);
        } finally {
            delivery.reportUnconfirmed();
            answerProbes();
        }
    }

    // Whether the client is alive.

    /**
     * Asks whether the client is alive. An answer of its socket says so, and so does a resume; a session that is still
     * without a socket when patience ends is over.
     */
    @Override
    public void probe(Duration patience, Runnable known) {
        if (end != null) {
            known.run();
            return;
        }
        if (probes == null) {
            probes = new LifeProbes(
                    delivery,
                    loop,
                    () -> end(SessionEnd.REPLACED, new ConnectionEnding.Lost(SessionEnd.REPLACED.word())));
        }
        probes.ask(patience, known);
    }

    /** A resume answers pending questions, and so does the end of the session. */
    private void answerProbes() {
        LifeProbes answered = probes;
        probes = null;
        if (answered != null) {
            answered.answer();
        }
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        delivery.link().whenRead(patience, task);
    }

    private Owner owner() {
        return requireNonNull(owner, "belongs to nobody");
    }
}
