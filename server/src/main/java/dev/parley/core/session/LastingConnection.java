// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Event;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.port.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a session that outlives its sockets speaks through: one socket after another, or none for a while. Frames are
 * numbered and kept until the client says that it received them. See docs/continuity.md.
 *
 * <p>It stays on the loop of its first socket for ever. A later socket may live on another loop: what is for it is posted
 * there, in order.
 */
public final class LastingConnection implements Connection {

    /** So long a client may be away before others are told that it is waited for. */
    private static final Duration UNTOLD = Duration.ofSeconds(2);

    private final LastingTerms terms;
    private final Loop loop;
    private final long id;
    private final String peerId;
    private final Outbox outbox;
    private final Turns turns = new Turns();
    private @Nullable Owner owner;

    /** That of the socket it has, or had. */
    private long arrival;

    /** Null while the client is away. */
    private @Nullable Connection socket;

    /** Null while the session goes on. */
    private @Nullable SessionEnd end;

    /** The server is about to stop: a client that is lost now has nothing to come back to. */
    private boolean isStopping;

    /** The server has let the client go: what comes for it now will not reach it. */
    private boolean isLetGo;

    /** How often reading is paused, whatever socket the client has. */
    private int readingHolds;

    private boolean isAwayTold;
    private @Nullable Timer untold;
    private @Nullable Timer window;

    /**
     * What a client brings that wants to go on.
     *
     * @param arrival counts those who come: of two the later has the session
     * @param turn of its resume token
     * @param position the number of the last frame it received
     */
    public record Ask(long arrival, int turn, long position) {}

    /** What came of that. */
    public enum Outcome {
        /** The session goes on. */
        RESUMED,
        /** A later socket has it already. */
        STALE,
        /** It is over, see {@link #end}. */
        OVER
    }

    /** Whose connection it is. Called on its loop. */
    public interface Owner {

        /** The client has been away for a while, or is back after that. */
        void away(boolean isAway);

        /** Messages may be handled again after reading was paused. */
        void readingResumed();

        /** The session is over. The last call. */
        void ended(SessionEnd how, Ending last);
    }

    /**
     * One that begins with this socket.
     *
     * @param peerId what others address the client by
     */
    public LastingConnection(LastingTerms terms, Connection first, String peerId) {
        this.terms = terms;
        this.loop = first.loop();
        this.id = first.id();
        this.peerId = peerId;
        this.outbox = new Outbox(terms.space());
        this.socket = first;
    }

    /** Tells whose it is, once, before anything can happen to it. */
    public void belongTo(Owner whose) {
        owner = whose;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    /** That of its first socket. */
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
        tellSocket(Connection::admitted);
    }

    /** Holds outlive sockets: a client that is back is read when the last one is taken back. */
    @Override
    public void pauseReading() {
        if (readingHolds++ == 0) {
            tellSocket(Connection::pauseReading);
        }
    }

    @Override
    public void resumeReading() {
        if (readingHolds == 0) {
            throw new IllegalStateException("reading is not paused");
        }
        if (--readingHolds == 0) {
            tellSocket(Connection::resumeReading);
            whose().readingResumed();
        }
    }

    /** Whether no message of the client may be handled. */
    public boolean isReadingPaused() {
        return readingHolds > 0;
    }

    @Override
    public void send(Frame frame) {
        send(frame, null);
    }

    /** Likewise; if it may not reach the client, the origin is told. */
    void send(Frame frame, @Nullable Origin origin) {
        if (end != null || isLetGo) {
            frame.release();
            if (origin != null) {
                missed(origin);
            }
            return;
        }
        Frame numbered = terms.numbering().number(frame, outbox.next());
        outbox.add(numbered, origin);
        if (isOverfull()) {
            overflow();
        } else {
            remark(numbered.retain());
        }
    }

    /** The origin's signal does not reach the client any more, or was left out on the way here, and the session ends for that. */
    void missed(Origin origin) {
        SessionEnd ending = isLetGo ? SessionEnd.GOING_AWAY : SessionEnd.OVERFLOW;
        tellUndelivered(
                new Outbox.Span(origin.sender(), origin.sequence(), origin.sequence()), end != null ? end : ending);
    }

    /** Sends a frame that has no number: it is for this moment, and is dropped if the client is away. */
    public void remark(Frame frame) {
        Connection now = socket;
        if (now == null) {
            frame.release();
        } else if (isHere(now)) {
            now.send(frame);
        } else {
            now.loop().post(() -> now.send(frame));
        }
    }

    /** Whether this is the socket it has. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    public boolean isOn(Connection it) {
        return it == socket;
    }

    /** Whether what this socket brings counts. A first word on it shows that the client has the newest resume token. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    public boolean hears(Connection from) {
        if (from != socket) {
            return false;
        }
        turns.confirm();
        return true;
    }

    /**
     * The client says that it received all through this number. Returns how many frames were kept for that until now;
     * negative if it cannot have.
     */
    public int received(long sequence) {
        return sequence >= 0 && outbox.knows(sequence) ? outbox.forget(sequence) : -1;
    }

    /**
     * Goes on over this socket: the welcome, what the client missed, then what is new.
     *
     * @param ask what the client brings
     * @param welcome the first words, given the turn of the next resume token
     */
    public Outcome resume(Connection next, Ask ask, IntFunction<Frame> welcome) {
        if (end != null) {
            return Outcome.OVER;
        }
        if (ask.arrival() < arrival) {
            return Outcome.STALE;
        }
        if (isLetGo) {
            finish(SessionEnd.STATE_LOST, CloseCode.GOING_AWAY);
        } else if (!turns.isGood(ask.turn())) {
            finish(SessionEnd.REVOKED, CloseCode.SESSION_REVOKED);
        } else if (!outbox.reaches(ask.position())) {
            finish(SessionEnd.OVERFLOW, CloseCode.REPLACED);
        } else {
            goOn(next, ask, welcome);
        }
        return end == null ? Outcome.RESUMED : Outcome.OVER;
    }

    private void goOn(Connection next, Ask ask, IntFunction<Frame> welcome) {
        leaveSocket(CloseCode.REPLACED);
        cameBack();
        turns.next();
        arrival = ask.arrival();
        outbox.forget(ask.position());
        socket = next;
        if (isReadingPaused()) {
            tell(next, Connection::pauseReading);
        }
        remark(welcome.apply(turns.newest()));
        outbox.list().forEach(frame -> remark(frame.retain()));
    }

    /** This socket is over. It matters if it is the one the session has now. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    public void lost(Connection from, Ending how) {
        if (from != socket) {
            return;
        }
        socket = null;
        SessionEnd why = why(how);
        if (why != null && why != SessionEnd.GOING_AWAY) {
            end(why, how);
            return;
        }
        if (why != null || isStopping) {
            letGo();
        }
        waitFor(how);
    }

    /** The server is about to stop: what is kept for a client that is away, now or soon, will not reach it. */
    public void goingAway() {
        isStopping = true;
        if (socket == null && end == null) {
            letGo();
        }
    }

    /** Some reasons end the session, others only its socket, which is not heard any more then. */
    @Override
    public void close(CloseCode code) {
        if (end != null) {
            return;
        }
        if (code.equals(CloseCode.SLOW_CONSUMER)) {
            overflow(); // the session has left out a frame
            return;
        }
        SessionEnd why = terms.ends().apply(code);
        if (why != null) {
            finish(why, code);
        } else if (socket != null) {
            leaveSocket(code);
            waitFor(new Ending.Closed(code));
        }
    }

    /** A client without a socket has the same time to come back. */
    @Override
    public void probe(Duration patience, Runnable known) {
        Connection now = socket;
        Runnable decided = () -> {
            if (socket == null && end == null) {
                end(SessionEnd.REPLACED, new Ending.Lost(SessionEnd.REPLACED.word()));
            }
            known.run();
        };
        if (end != null) {
            known.run();
        } else if (now == null) {
            loop.schedule(patience, decided);
        } else if (isHere(now)) {
            now.probe(patience, decided);
        } else {
            now.loop().post(() -> now.probe(patience, () -> loop.post(decided)));
        }
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        Connection now = socket;
        if (now == null) {
            loop.post(task);
        } else if (isHere(now)) {
            now.whenRead(patience, task);
        } else {
            now.loop().post(() -> now.whenRead(patience, () -> loop.post(task)));
        }
    }

    private @Nullable SessionEnd why(Ending how) {
        return switch (how) {
            case Ending.Left left -> left.number() == 1000 || left.number() == 1001 ? SessionEnd.LEFT : null;
            case Ending.Closed closed -> terms.ends().apply(closed.code());
            case Ending.Lost lost -> null;
        };
    }

    private void waitFor(Ending last) {
        terms.away().incrementAndGet();
        untold = loop.schedule(UNTOLD, () -> {
            isAwayTold = true;
            whose().away(true);
        });
        window = loop.schedule(terms.bounds().window(), () -> end(SessionEnd.EXPIRED, last));
    }

    /** The client is away no longer, if it was. */
    private void cameBack() {
        if (window == null) {
            return;
        }
        stopWaiting();
        if (isAwayTold) {
            isAwayTold = false;
            whose().away(false);
        }
    }

    private void stopWaiting() {
        if (window != null && untold != null) {
            window.cancel();
            untold.cancel();
            window = null;
            untold = null;
            terms.away().decrementAndGet();
        }
    }

    private boolean isOverfull() {
        boolean isTooMuch = outbox.bytes() > terms.bounds().bytes();
        return isTooMuch
                || (socket == null
                        && (outbox.frames() > terms.bounds().frames()
                                || terms.space().isFull()));
    }

    private void overflow() {
        finish(SessionEnd.OVERFLOW, CloseCode.SLOW_CONSUMER);
    }

    private void finish(SessionEnd how, CloseCode code) {
        leaveSocket(code);
        end(how, new Ending.Closed(code));
    }

    private void leaveSocket(CloseCode code) {
        Connection old = socket;
        socket = null; // first: what it says of its end is no news
        if (old != null) {
            tell(old, it -> it.close(code));
        }
    }

    /** First the client leaves, so that nobody is told later that something for it was accepted. */
    private void end(SessionEnd how, Ending last) {
        if (end != null) {
            return;
        }
        end = how;
        stopWaiting();
        whose().ended(how, last);
        abandon(how);
    }

    private void letGo() {
        isLetGo = true;
        abandon(SessionEnd.GOING_AWAY);
    }

    private void abandon(SessionEnd how) {
        outbox.abandon().forEach(span -> tellUndelivered(span, how));
    }

    @SuppressWarnings("ReferenceEquality") // a connection is nothing but itself
    private void tellUndelivered(Outbox.Span span, SessionEnd how) {
        terms.observer().undelivered(how);
        if (span.sender().connection() == this) {
            return;
        }
        Frame frame = terms.encoder().encode(new Event.Undelivered(peerId, span.from(), span.through(), how));
        if (frame != null) {
            span.sender().post(frame);
        }
    }

    private void tellSocket(Consumer<Connection> words) {
        if (socket != null) {
            tell(socket, words);
        }
    }

    private void tell(Connection it, Consumer<Connection> words) {
        if (isHere(it)) {
            words.accept(it);
        } else {
            it.loop().post(() -> words.accept(it));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private boolean isHere(Connection it) {
        return it.loop() == loop;
    }

    private Owner whose() {
        return requireNonNull(owner, "belongs to nobody");
    }
}
