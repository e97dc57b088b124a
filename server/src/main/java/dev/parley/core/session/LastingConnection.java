// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.UndeliveredReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a session that outlives its sockets speaks through: one socket after another, or none for a while. Frames are
 * numbered and kept until the client says that it received them. See docs/continuity.md.
 *
 * <p>It stays on the loop of its first socket. A later socket may live on another loop: frames for it are
 * posted there, in order.
 */
public final class LastingConnection implements ClientConnection {

    /** A client that has read everything and acknowledges nothing for so long is not waited for. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Frames posted to the loop of a socket before that loop says that they are sent. Bytes. */
    private static final int POSTED_BYTES = 16 << 10;

    /** Answers and presence that may be kept beyond what is kept of signals. Bytes. */
    private static final int RESERVE_BYTES = 2 << 20;

    private final LastingTerms terms;
    private final Loop loop;
    private final long id;
    private final String peerId;
    private final HeldMessages holding;
    private final UnconfirmedFrames outbox;
    private final TokenTurns turns = new TokenTurns();
    private @Nullable Owner owner;

    /** That of the socket it has, or had. */
    private long arrival;

    /** Null while the client is away. */
    private @Nullable ClientConnection socket;

    /** Null while the session goes on. */
    private @Nullable SessionEnd end;

    /** The server is about to stop: a client that is lost now has nothing to come back to. */
    private boolean isStopping;

    /** The server has closed the client: later signals will not reach it. */
    private boolean isDeliveryStopped;

    /** How often reading is paused, whatever socket the client has. */
    private int readingHolds;

    /** Open while the session goes on without a socket, else null. */
    private @Nullable ResumeWindow window;

    /** Pending questions whether the client is alive. A resume answers them, and so does the end of the session. */
    private List<LifeProbe> probes = List.of();

    /** Not null from a resume until the socket has taken what the client missed. */
    private @Nullable MissedFrames missed;

    /** Runs once the client takes more. */
    private @Nullable Runnable whenWritable;

    /** The socket, which lives on this loop, will say when it takes more. */
    private boolean isSocketAsked;

    /** Posted to the loop of the socket since that loop last said that it takes more. */
    private int postedBytes;

    /** The loop of the socket was asked to say so. */
    private boolean isLoopAsked;

    /** The number up to which the client has received, when it was last looked at; -1 while nobody looks. */
    private long receivedBefore = -1;

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
    public interface Owner {

        /** The client has been away for a while, or is back after that. */
        void away(boolean isAway);

        /** Messages may be handled again after reading was paused. */
        void readingResumed();

        /** The session is over. The last call. */
        void ended(SessionEnd how, ConnectionEnding last);
    }

    /**
     * One that begins with this socket.
     *
     * @param peerId what others address the client by
     * @param memory counts what is kept for the client
     */
    public LastingConnection(LastingTerms terms, ClientConnection first, String peerId, AddressMemory memory) {
        this.terms = terms;
        this.loop = first.loop();
        this.id = first.id();
        this.arrival = id;
        this.peerId = peerId;
        this.holding = new HeldMessages(memory, this);
        this.outbox = new UnconfirmedFrames(holding);
        this.socket = first;
    }

    /** Sets the owner, once, before anything can happen to it. */
    public void setOwner(Owner newOwner) {
        owner = newOwner;
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
        onSocket(ClientConnection::admitted);
    }

    /** Holds outlive sockets: a client that is back is read when the last one is taken back. */
    @Override
    public void pauseReading() {
        if (readingHolds++ == 0) {
            onSocket(ClientConnection::pauseReading);
        }
    }

    @Override
    public void resumeReading() {
        if (readingHolds == 0) {
            throw new IllegalStateException("reading is not paused");
        }
        if (--readingHolds == 0) {
            onSocket(ClientConnection::resumeReading);
            owner().readingResumed();
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

    /** Sends a signal; its origin is notified if it may not reach the client. */
    void send(Frame frame, @Nullable SignalOrigin origin) {
        if (end != null || isDeliveryStopped) {
            frame.release();
            if (origin != null) {
                reportMissed(origin);
            }
            return;
        }
        Frame numbered = terms.numbering().number(frame, outbox.next());
        outbox.add(numbered, origin);
        if (isOverfull()) {
            overflow();
        } else if (missed != null) {
            missed.add(numbered.retain());
        } else {
            sendTransient(numbered.retain());
        }
    }

    /** Whether a signal is sent, or reported as undelivered, at once. */
    @Override
    public boolean isWritable() {
        return end != null
                || isDeliveryStopped
                || (socket != null && missed == null && !isWindowFull() && takesMore(socket));
    }

    private boolean takesMore(ClientConnection now) {
        return isHere(now) ? now.isWritable() : postedBytes < POSTED_BYTES;
    }

    @Override
    public void whenWritable(Runnable task) {
        Runnable before = whenWritable;
        whenWritable = before == null
                ? task
                : () -> {
                    before.run();
                    task.run();
                };
        waitUntilWritable();
    }

    /** Whether a signal may wait behind so many: those that are kept for a client that is away are counted. */
    boolean mayQueue(int count) {
        return socket != null || outbox.frames() + count < terms.bounds().frames();
    }

    /** Of what is kept for the client, how much may wait without a number. */
    int queueBytes() {
        return terms.bounds().bytes() / 2;
    }

    /**
     * What a signal counts for at least among those that wait: as many fit as may be kept for a client that is away.
     */
    int leastWeight() {
        return queueBytes() / terms.bounds().frames();
    }

    /** What is kept for the client. */
    HeldMessages holding() {
        return holding;
    }

    /** The origin's signal is not delivered: the session is over, or busy. */
    void reportMissed(SignalOrigin origin) {
        UndeliveredReason reason = isDeliveryStopped ? UndeliveredReason.GOING_AWAY : UndeliveredReason.BUSY;
        reportUndelivered(origin, end != null ? UndeliveredReason.of(end) : reason);
    }

    void reportUndelivered(SignalOrigin origin, UndeliveredReason reason) {
        report(new UnconfirmedFrames.Span(origin.sender(), origin.sequence(), origin.sequence()), reason);
    }

    /**
     * Of what is kept for the client, half may be on its way to it, or one signal: the rest waits and is not numbered
     * yet.
     */
    private boolean isWindowFull() {
        return outbox.bytes() > terms.bounds().bytes() / 2;
    }

    private void waitUntilWritable() {
        resend();
        ClientConnection now = socket;
        Runnable task = whenWritable;
        if (task == null && missed == null) {
            return;
        }
        if (task != null && isWritable()) {
            whenWritable = null;
            loop.post(task);
        } else if (now == null) {
            return; // until it has one, or is over
        } else if (missed == null && isWindowFull()) {
            watchReceived();
        } else if (isHere(now)) {
            if (!isSocketAsked) {
                isSocketAsked = true;
                now.whenWritable(() -> {
                    isSocketAsked = false;
                    waitUntilWritable();
                });
            }
        } else {
            askLoop(now);
        }
    }

    /** Sends what the client missed, as much as its socket takes now. */
    private void resend() {
        MissedFrames rest = missed;
        ClientConnection now = socket;
        if (rest == null || now == null) {
            return;
        }
        while (!rest.isEmpty() && takesMore(now)) {
            sendTransient(rest.next());
        }
        if (rest.isEmpty()) {
            missed = null;
        }
    }

    private void releaseMissed() {
        if (missed != null) {
            missed.release();
            missed = null;
        }
    }

    private void askLoop(ClientConnection now) {
        if (!isLoopAsked) {
            isLoopAsked = true;
            now.loop().post(() -> now.whenWritable(() -> loop.post(() -> loopAcceptsMore(now))));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    private void loopAcceptsMore(ClientConnection now) {
        if (now == socket) {
            isLoopAsked = false;
            postedBytes = 0;
            waitUntilWritable();
        }
    }

    /**
     * A client that has read all it was sent, and says nothing of it while more waits, does not say what is promised.
     */
    private void watchReceived() {
        if (receivedBefore < 0) {
            receivedBefore = outbox.received();
            loop.schedule(SILENCE, () -> loop.defer(this::checkReceived));
        }
    }

    private void checkReceived() {
        boolean isSilent = receivedBefore == outbox.received();
        receivedBefore = -1;
        ClientConnection now = socket;
        if (end != null || now == null || whenWritable == null || !isWindowFull()) {
            return;
        }
        boolean hasReadAll = missed == null && (isHere(now) ? now.isWritable() : !isLoopAsked);
        if (isSilent && hasReadAll) {
            overflow();
        } else {
            watchReceived();
        }
    }

    /** Sends a frame that has no number: it is for this moment, and is dropped if the client is away. */
    public void sendTransient(Frame frame) {
        ClientConnection now = socket;
        if (now == null) {
            frame.release();
        } else if (isHere(now)) {
            now.send(frame);
        } else {
            postedBytes += frame.length();
            try {
                now.loop().post(() -> now.send(frame));
            } catch (RuntimeException | Error e) { // no memory for the task
                frame.release();
                throw e;
            }
            if (postedBytes >= POSTED_BYTES) {
                askLoop(now);
            }
        }
    }

    /** Whether this is the socket it has. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    public boolean isCurrent(ClientConnection it) {
        return it == socket;
    }

    /** Whether what this socket brings counts. A first word on it shows that the client has the newest resume token. */
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    public boolean acceptFrom(ClientConnection from) {
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
        int forgotten = sequence >= 0 && outbox.knows(sequence) ? outbox.forget(sequence) : -1;
        waitUntilWritable();
        return forgotten;
    }

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
        if (isDeliveryStopped) {
            closeAndEnd(SessionEnd.STATE_LOST, CloseCode.GOING_AWAY);
        } else if (!turns.isValid(attempt.turn())) {
            closeAndEnd(SessionEnd.REVOKED, CloseCode.SESSION_REVOKED);
        } else if (!outbox.reaches(attempt.position())) {
            closeAndEnd(SessionEnd.OVERFLOW, CloseCode.REPLACED);
        } else {
            continueOn(next, attempt, welcome);
        }
        return end == null ? ResumeOutcome.RESUMED : ResumeOutcome.OVER;
    }

    private void continueOn(ClientConnection next, ResumeAttempt attempt, IntFunction<Frame> welcome) {
        ResumeWindow closed = closeWindow();
        ClientConnection old = socket;
        socket = next; // first: the end of the old socket does not concern the session any more
        arrival = attempt.arrival();
        if (old != null) {
            onLoopOf(old, it -> it.close(CloseCode.REPLACED));
        }
        turns.next();
        releaseMissed();
        outbox.forget(attempt.position());
        postedBytes = 0;
        isLoopAsked = false;
        if (isReadingPaused()) {
            onLoopOf(next, ClientConnection::pauseReading);
        }
        sendTransient(welcome.apply(turns.newest()));
        missed = MissedFrames.of(outbox.list());
        answerProbes();
        waitUntilWritable();
        if (closed != null && closed.isAnnounced()) {
            owner().away(false);
        }
    }

    /** The session goes on without a socket. */
    private void detach(ConnectionEnding last) {
        releaseMissed();
        socket = null;
        postedBytes = 0;
        isLoopAsked = false;
        window = new ResumeWindow(terms, loop, () -> owner().away(true), () -> end(SessionEnd.EXPIRED, last));
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
    @SuppressWarnings("ReferenceEquality") // a socket is nothing but itself
    public void socketEnded(ClientConnection from, ConnectionEnding how) {
        if (from != socket) {
            return;
        }
        SessionEnd why = why(how);
        if (why != null && why != SessionEnd.GOING_AWAY) {
            socket = null;
            end(why, how);
            return;
        }
        detach(how);
        if (why != null || isStopping) {
            stopDelivery();
        }
    }

    /** The server is about to stop: what is kept for a client that is away, now or soon, will not reach it. */
    public void drain() {
        isStopping = true;
        if (socket == null && end == null) {
            stopDelivery();
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
            closeAndEnd(why, code);
        } else if (socket != null) {
            ClientConnection old = socket;
            detach(new ConnectionEnding.Closed(
                    code)); // first: tasks that wait for the old socket find the session without one
            onLoopOf(old, it -> it.close(code));
        }
    }

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
        LifeProbe probe = new LifeProbe(loop, patience, known);
        probes = probes.isEmpty() ? new ArrayList<>(1) : probes;
        probes.add(probe);
        ClientConnection now = socket;
        if (now == null) {
            awaitResume(probe);
        } else if (isHere(now)) {
            now.probe(patience, () -> socketProbed(probe));
        } else {
            now.loop().post(() -> now.probe(patience, () -> loop.post(() -> socketProbed(probe))));
        }
    }

    /** The socket has answered, or is over: its client has the rest of the time to resume. */
    private void socketProbed(LifeProbe probe) {
        if (socket == null) {
            awaitResume(probe);
        } else if (probes.contains(probe)) {
            probes.remove(probe);
            probe.answer();
        }
    }

    private void awaitResume(LifeProbe probe) {
        probe.atDeadline(() -> {
            end(SessionEnd.REPLACED, new ConnectionEnding.Lost(SessionEnd.REPLACED.word()));
            probe.answer();
        });
    }

    private void answerProbes() {
        List<LifeProbe> answered = probes;
        probes = List.of();
        answered.forEach(LifeProbe::answer);
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        ClientConnection now = socket;
        if (now == null) {
            loop.post(task);
        } else if (isHere(now)) {
            now.whenRead(patience, task);
        } else {
            now.loop().post(() -> now.whenRead(patience, () -> loop.post(task)));
        }
    }

    private @Nullable SessionEnd why(ConnectionEnding how) {
        return switch (how) {
            case ConnectionEnding.Left left -> left.number() == 1000 || left.number() == 1001 ? SessionEnd.LEFT : null;
            case ConnectionEnding.Closed closed -> terms.ends().apply(closed.code());
            case ConnectionEnding.Lost lost -> null;
        };
    }

    /** Signals wait before it comes to that: this is of answers and presence. */
    private boolean isOverfull() {
        long bytes = outbox.bytes();
        if (holding.isExcessive() || (bytes > AddressMemory.SMALL && !holding.mayHold(0))) {
            return true;
        }
        return socket == null
                ? outbox.frames() > terms.bounds().frames()
                        || bytes > terms.bounds().bytes()
                : bytes > terms.bounds().bytes() + RESERVE_BYTES;
    }

    private void overflow() {
        closeAndEnd(SessionEnd.OVERFLOW, CloseCode.SLOW_CONSUMER);
    }

    private void closeAndEnd(SessionEnd how, CloseCode code) {
        closeSocket(code);
        end(how, new ConnectionEnding.Closed(code));
    }

    private void closeSocket(CloseCode code) {
        releaseMissed();
        ClientConnection old = socket;
        socket = null; // first: what it says of its end is no news
        postedBytes = 0;
        isLoopAsked = false;
        if (old != null) {
            onLoopOf(old, it -> it.close(code));
        }
    }

    /** First the client leaves, so that no later signal for it is accepted. */
    private void end(SessionEnd how, ConnectionEnding last) {
        if (end != null) {
            return;
        }
        end = how;
        releaseMissed();
        closeWindow();
        try {
            owner().ended(how, last);
        } finally {
            reportUnconfirmed(how);
            answerProbes();
        }
    }

    private void stopDelivery() {
        isDeliveryStopped = true;
        reportUnconfirmed(SessionEnd.GOING_AWAY);
    }

    private void reportUnconfirmed(SessionEnd how) {
        outbox.removeAll().forEach(span -> report(span, UndeliveredReason.of(how)));
        waitUntilWritable();
    }

    @SuppressWarnings("ReferenceEquality") // a connection is nothing but itself
    private void report(UnconfirmedFrames.Span span, UndeliveredReason reason) {
        terms.observer().undelivered(reason);
        if (span.sender().connection() == this && end != null) {
            return;
        }
        try {
            Frame frame =
                    terms.encoder().encode(new SessionEvent.Undelivered(peerId, span.from(), span.through(), reason));
            if (frame != null) {
                span.sender().post(frame);
            }
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            span.sender().fail(e); // it would rely on what it was acknowledged
        }
    }

    private void onSocket(Consumer<ClientConnection> action) {
        if (socket != null) {
            onLoopOf(socket, action);
        }
    }

    private void onLoopOf(ClientConnection it, Consumer<ClientConnection> action) {
        if (isHere(it)) {
            action.accept(it);
        } else {
            it.loop().post(() -> action.accept(it));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private boolean isHere(ClientConnection it) {
        return it.loop() == loop;
    }

    private Owner owner() {
        return requireNonNull(owner, "belongs to nobody");
    }
}
