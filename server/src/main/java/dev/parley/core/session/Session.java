// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.PauseCause;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import org.jspecify.annotations.Nullable;

/**
 * A client as core knows it, as long as its connection: who it is and in which rooms it is. What is sent to it passes
 * {@link FrameReceiver}; as a sender it has {@link SenderCredit}.
 */
public abstract sealed class Session extends FrameReceiver implements SignalSource
        permits PlainSession, LastingSession {

    /** Other loops read it. Changes only while the session is in no roster. */
    private volatile PeerIdentity peer;

    private final Object group;

    /** Set once, before anything can happen to the session; null for a client whose rights never change. */
    private @Nullable SessionClient client;

    /** Null until the session posts a signal. Written on the session's loop. */
    private volatile @Nullable SenderCredit credit;

    /** Guarded by the peers it is one of. */
    private boolean isSettled;

    /** Written on the session's loop. */
    private volatile @Nullable RoomMembership newestMembership;

    /**
     * A session that speaks through this connection.
     *
     * @param peer what others see of it
     * @param group what senders of one key and address have in common: they share the turns of one sender in the
     *     backlog of a receiver
     * @param protocol what its client understands
     */
    Session(ClientConnection connection, PeerIdentity peer, Object group, SessionTerms terms, ClientProtocol protocol) {
        super(connection, terms, protocol);
        this.peer = peer;
        this.group = group;
    }

    /** Sets what handles the messages of its client, once, before anything can happen to the session. */
    public void setClient(SessionClient newClient) {
        client = newClient;
    }

    /** Notifies the client of a signal that was acknowledged and not delivered. On the session's loop. */
    public void reportMissed(SessionEvent.Undelivered event) {
        if (client != null) {
            client.missed(event);
        }
    }

    @Nullable
    SessionClient client() {
        return client;
    }

    @Override
    public PeerIdentity peer() {
        return peer;
    }

    /** Replaces what others see of it, which has the same id. Not to be called once the session is in a roster. */
    public void setPeer(PeerIdentity shown) {
        peer = shown;
    }

    /** It may be in rosters from now on, where others see what {@link #peer} says. */
    public void settle() {
        isSettled = true;
    }

    /** Returns whether it may be in rosters. */
    public boolean isSettled() {
        return isSettled;
    }

    @Override
    public Object group() {
        return group;
    }

    @Override
    public Session session() {
        return this;
    }

    /** Whether it outlives sockets, and its client understands the frames of such sessions. */
    public abstract boolean isLasting();

    /** Returns the origin of a signal the client sends with this number; null if it cannot be notified later. */
    public @Nullable SignalOrigin origin(long sequence) {
        return null;
    }

    /** Which requests of its client were received; null if its requests have no numbers. */
    public @Nullable RequestReceipts receipts() {
        return null;
    }

    /**
     * The client acknowledges all frames through this number, see {@link LastingDelivery#received}; -1 if they have
     * no numbers.
     */
    public int received(long sequence) {
        return -1;
    }

    /** The turns of signals for many sessions of its app. */
    public AppDeliveries deliveries() {
        return terms().deliveries();
    }

    /** What connections of its app take of the heap. */
    public ConnectionMemory memory() {
        return terms().connections();
    }

    /**
     * Pauses reading, as a signal of the client waits for its turn; whoever gives it the turn resumes. On the session's
     * loop.
     */
    public void pauseForTurn() {
        connection().pauseReading();
        terms().observer().paused(PauseCause.TURN);
    }

    // Rooms.

    /** Adds a membership of a room. On the session's loop. */
    public void add(RoomMembership membership) {
        newestMembership = membership.linkBefore(newestMembership);
    }

    /**
     * Removes a membership of a room, if the session has it, and the waiting presence of the room. On the session's
     * loop.
     */
    public void remove(RoomMembership membership) {
        newestMembership = membership.unlinkFrom(newestMembership);
        takeDelayedPresence(membership);
    }

    /**
     * The membership that was added last, null without any; the others follow by {@link RoomMembership#older}.
     * Following them meets each once, but for those that are added or removed meanwhile. Safe from any thread.
     */
    public @Nullable RoomMembership newestMembership() {
        return newestMembership;
    }

    // Its end.

    /** Has the session look at what it may do. Safe from any thread. */
    public void reconsider() {
        SessionClient reader = client;
        if (reader != null) {
            loop().post(new GuardedTask(connection(), reader::rightsChanged));
        }
    }

    /**
     * Notifies the origin that a signal is not delivered, if this session is over: not if it left a room. On its loop.
     */
    public void reportMissedIfEnded(@Nullable SignalOrigin origin) {}

    /**
     * The session is over: the frames that wait for it are dropped, or reported to the senders. On the session's loop.
     */
    public void end() {
        SignalInbox known = inboxIfAny();
        if (known != null) {
            known.end();
        }
    }

    // Signals.

    /** The client sends this peer a signal of so many bytes. On the session's loop. */
    public void signalSent(String to, int signalBytes) {
        SignalInbox known = inboxIfAny();
        if (known != null) {
            known.signalSent(to, signalBytes);
        }
    }

    /** Sends the offers that wait, before the client leaves a room or changes its interest. On the session's loop. */
    public void releaseOffers() {
        SignalInbox known = inboxIfAny();
        if (known != null) {
            known.releaseOffers();
        }
    }

    /** Charges bytes to the credit of the session. On its loop. */
    @Override
    public void spend(int bytes) {
        credit().spend(bytes);
    }

    @Override
    public void giveBack(int bytes) {
        credit().giveBack(bytes);
    }

    /** Its credit as a sender. Made on the session's loop, where it spends; given back on any. */
    private SenderCredit credit() {
        SenderCredit known = credit;
        if (known == null) {
            known = new SenderCredit(connection(), terms());
            credit = known;
        }
        return known;
    }
}
