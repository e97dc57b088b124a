// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.session.EventFrames;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import dev.parley.core.session.SignalSource;
import org.jspecify.annotations.Nullable;

/**
 * One signal to everyone in a room: encoded once for each protocol of those who receive the sender's metadata, and once
 * for those who do not. For one thread.
 */
final class RoomPublication {

    private final RoomMember[] members;
    private final @Nullable SignalSource sender;
    private final @Nullable SignalOrigin origin;
    private final SessionEvent event;
    private final EventFrames frames = EventFrames.begin();

    /** With the metadata of the sender; null if it has none. */
    private final SessionEvent.@Nullable Published detailed;

    private final @Nullable EventFrames detailedFrames;

    /**
     * A signal that is not sent yet.
     *
     * @param members those of one loop next to each other, and of these, those of one protocol
     * @param sender its session gets nothing; null for a back end
     * @param origin is notified about members that may miss the signal
     */
    RoomPublication(
            String room,
            RoomMember[] members,
            PeerIdentity from,
            @Nullable SignalSource sender,
            @Nullable SignalOrigin origin,
            Signal signal) {
        this.members = members;
        this.sender = sender;
        this.origin = origin;
        this.event = new SessionEvent.Published(room, from, false, signal);
        this.detailed = from.metadata() == null ? null : new SessionEvent.Published(room, from, true, signal);
        this.detailedFrames = detailed == null ? null : EventFrames.begin();
    }

    /** Sends it to all members but its sender, after everything posted to them before; returns how many those are. */
    int send() {
        try {
            return post();
        } finally {
            release();
        }
    }

    private int post() {
        int receivers = 0;
        for (int from = 0; from < members.length; ) {
            int to = MemberRange.end(members, from);
            int wanted = receivers(from, to);
            if (wanted > 0 && post(from, to, receivers == 0)) {
                receivers += wanted;
            }
            from = to;
        }
        return receivers;
    }

    /**
     * Posts it to members that share loop and protocol; false if the protocol has no message for it.
     *
     * @param isFirst whether no member was sent it before: then it fails as a whole, and the sender is not acknowledged
     */
    private boolean post(int from, int to, boolean isFirst) {
        SignalDelivery delivery;
        try {
            ClientProtocol protocol = members[from].session().protocol();
            Frame frame = frames.of(event, protocol);
            if (frame == null) {
                return false;
            }
            Frame withMetadata = detailed != null && isMetadataWanted(from, to) ? detailed(protocol) : null;
            delivery = new SignalDelivery(members, from, to, sender, origin, frame, withMetadata);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            if (isFirst) {
                throw e;
            }
            for (int i = from; i < to; i++) {
                fail(members[i].session(), e);
            }
            return true;
        }
        delivery.post();
        return true;
    }

    private @Nullable Frame detailed(ClientProtocol protocol) {
        return requireNonNull(detailedFrames).of(requireNonNull(detailed), protocol);
    }

    @SuppressWarnings("ReferenceEquality") // a session is nothing but itself
    private void fail(Session receiver, Throwable cause) {
        if (receiver != own()) {
            receiver.loop().post(() -> receiver.failDelivery(origin, cause));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a session is nothing but itself
    private int receivers(int from, int to) {
        Session own = own();
        for (int i = from; i < to; i++) {
            if (members[i].session() == own) {
                return to - from - 1; // a session is a member once
            }
        }
        return to - from;
    }

    private boolean isMetadataWanted(int from, int to) {
        for (int i = from; i < to; i++) {
            if (members[i].interest().senderMetadata()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Session own() {
        return sender == null ? null : sender.session();
    }

    private void release() {
        frames.release();
        if (detailedFrames != null) {
            detailedFrames.release();
        }
    }
}
