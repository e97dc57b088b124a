// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;

import dev.parley.core.access.Grant;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Payload;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEnd;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.UndeliveredReason;
import org.jspecify.annotations.Nullable;

/**
 * A session that outlives its sockets: its frames are numbered and kept until the client acknowledges them, its
 * requests are numbered, and the sender of a signal that may not have arrived is notified. Messages of the socket it
 * has now are handled, those of older ones are not. On the session's loop.
 */
public final class LastingSession extends Session implements LastingConnection.Owner, RequestReceipts.Sender {

    private final SessionId id;
    private final LastingConnection connection;
    private final LastingProtocol protocol;
    private final SessionRegistry registry;
    private final RequestReceipts receipts;

    /** Null until a socket of another loop brings a message while reading is paused. */
    private @Nullable UnreadMessages unread;

    LastingSession(
            SessionId id,
            LastingConnection connection,
            PeerIdentity peer,
            Object group,
            SessionTerms terms,
            LastingProtocol protocol,
            SessionRegistry registry) {
        super(connection, peer, group, terms, protocol);
        this.id = id;
        this.connection = connection;
        this.protocol = protocol;
        this.registry = registry;
        this.receipts = new RequestReceipts(connection, this);
        connection.setOwner(this);
    }

    /** Returns the id of the session, as clients receive it. */
    public SessionId id() {
        return id;
    }

    @Override
    public LastingConnection connection() {
        return connection;
    }

    @Override
    public void sendReceipt(long through) {
        connection.delivery().sendTransient(protocol.received(through));
    }

    @Override
    public RequestReceipts receipts() {
        return receipts;
    }

    @Override
    public int received(long sequence) {
        return delivery().received(sequence);
    }

    @Override
    public boolean isLasting() {
        return true;
    }

    @Override
    public SignalOrigin origin(long sequence) {
        return new SignalOrigin(id, sequence);
    }

    /** The client has resumed it, and presented this grant. */
    public void resumed(Grant grant) {
        owner().resumed(grant);
    }

    // Messages of its sockets.

    /** A text message of one of its sockets. */
    void text(ClientConnection from, Payload payload) {
        if (connection.acceptFrom(from)) {
            owner().text(payload);
        }
    }

    /** A binary message of one of its sockets. */
    void binary(ClientConnection from, Payload payload) {
        if (connection.acceptFrom(from)) {
            owner().binary(payload);
        }
    }

    /**
     * Handles what a socket on another loop has read, once all data before it was handled and reading is not paused.
     */
    void handle(ClientConnection from, Runnable message) {
        if (!connection.isCurrent(from)) {
            return;
        }
        UnreadMessages waiting = unread;
        if (waiting != null) {
            waiting.dropUnlessOf(from);
        }
        if (connection.isReadingPaused() || (waiting != null && !waiting.isEmpty())) {
            waiting = waiting == null ? new UnreadMessages() : waiting;
            waiting.add(from, message);
            unread = waiting;
        } else {
            message.run();
        }
    }

    @Override
    public void readingResumed() {
        if (unread != null) {
            connection.loop().post(this::readOn);
        }
    }

    private void readOn() {
        UnreadMessages waiting = unread;
        while (waiting != null && !waiting.isEmpty() && !connection.isReadingPaused()) {
            waiting.next().run();
        }
    }

    // What happens to it.

    @Override
    public void away(boolean isAway) {
        owner().away(isAway);
    }

    @Override
    public void ended(SessionEnd how, ConnectionEnding last) {
        try {
            registry.forget(this, how);
        } finally {
            owner().ended(last);
        }
    }

    private LastingDelivery delivery() {
        return connection.delivery();
    }

    private SessionClient owner() {
        return requireNonNull(client(), "nobody handles the messages of this session");
    }

    // How it is sent to.

    @Override
    public void sendTransient(Frame frame) {
        delivery().sendTransient(frame);
    }

    /** Requests of its client may not have arrived. Safe from any thread. */
    public void reportUndelivered(SessionEvent.Undelivered event) {
        try {
            Frame frame = protocol.encode(event);
            if (frame != null) {
                post(frame);
            }
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            fail(e); // its client relies on what it was acknowledged
        }
    }

    @Override
    public void reportMissedIfEnded(@Nullable SignalOrigin origin) {
        if (origin != null && connection.end() != null) {
            delivery().reportMissed(origin);
        }
    }

    @Override
    void reportLost(@Nullable SignalOrigin origin) {
        if (origin != null) {
            delivery().reportUndelivered(origin, UndeliveredReason.STATE_LOST);
        }
    }

    @Override
    void pass(Frame frame, @Nullable SignalOrigin origin) {
        delivery().send(frame, origin);
    }

    @Override
    void dropped(@Nullable SignalOrigin origin) {
        if (origin != null) {
            delivery().reportMissed(origin);
        }
    }

    @Override
    int queueBytes() {
        return delivery().queueBytes();
    }

    @Override
    int leastWeight() {
        return delivery().leastWeight();
    }

    @Override
    boolean mayQueue(int count) {
        return delivery().mayQueue(count);
    }

    @Override
    HeldMessages holding() {
        return delivery().holding();
    }

    /** Its client waits for the offers of others by itself. */
    @Override
    boolean delaysOffers() {
        return false;
    }
}
