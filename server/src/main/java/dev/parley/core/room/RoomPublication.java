// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.EventEncoder;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import org.jspecify.annotations.Nullable;

/** One signal to everyone in a room: encoded once for those who see metadata, once for those who do not. */
final class RoomPublication {

    private RoomPublication() {}

    /** Returns how many of these members it is for. */
    @SuppressWarnings("ReferenceEquality") // a session is nothing but itself
    static int publish(
            String name,
            RoomMember[] members,
            PeerIdentity from,
            @Nullable Session sender,
            @Nullable SignalOrigin origin,
            Signal signal,
            EventEncoder encoder) {
        if (members.length == 0 || (members.length == 1 && members[0].session() == sender)) {
            return 0;
        }
        Frame plain = encoder.encode(new SessionEvent.Published(name, from, false, signal));
        if (plain == null) {
            return 0;
        }
        return SignalDelivery.post(
                members,
                sender,
                origin,
                plain,
                detailed(plain, new SessionEvent.Published(name, from, true, signal), members, encoder));
    }

    /** The frame for those who want the sender's metadata, null if no member does, or the sender has none. */
    private static @Nullable Frame detailed(
            Frame plain, SessionEvent.Published event, RoomMember[] members, EventEncoder encoder) {
        if (event.from().metadata() == null || !anyWantsSenderMetadata(members)) {
            return null;
        }
        try {
            return encoder.encode(event);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            plain.release();
            throw e;
        }
    }

    private static boolean anyWantsSenderMetadata(RoomMember[] members) {
        for (RoomMember member : members) {
            if (member.interest().senderMetadata()) {
                return true;
            }
        }
        return false;
    }
}
