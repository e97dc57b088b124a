// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.port.SessionEvent;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The presence of all rooms that waits for one receiver, counted as memory of its app and address. On the receiver's
 * loop.
 */
final class WaitingPresence {

    private final ConnectionMemory memory;
    private final Object address;

    /** In the order in which it began to wait; null if none has. */
    private @Nullable SequencedMap<RoomMembership, Waiting> rooms;

    private static final class Waiting {
        final DelayedPresence presence;
        int bytes;

        Waiting(DelayedPresence presence) {
            this.presence = presence;
        }
    }

    /** @param address what connections of one address have in common */
    WaitingPresence(ConnectionMemory memory, Object address) {
        this.memory = memory;
        this.address = address;
    }

    boolean isEmpty() {
        return rooms == null;
    }

    /**
     * Adds changes of one membership's roster; false if there is no memory for them, and then nothing waits any more.
     */
    boolean add(
            RoomMembership membership, Function<RoomMembership, DelayedPresence> made, SessionEvent.Changed changed) {
        rooms = rooms == null ? new LinkedHashMap<>() : rooms;
        Waiting waiting = rooms.computeIfAbsent(membership, it -> new Waiting(made.apply(it)));
        int bytes = waiting.presence.add(changed);
        if (bytes > 0 && !memory.takePresence(address, bytes)) {
            end();
            return false;
        }
        if (bytes < 0) {
            memory.givePresence(address, -bytes);
        }
        waiting.bytes += bytes;
        return true;
    }

    /** Removes and returns the presence of a membership; null if none waits. */
    @Nullable
    DelayedPresence take(RoomMembership membership) {
        SequencedMap<RoomMembership, Waiting> all = rooms;
        Waiting taken = all == null ? null : all.remove(membership);
        if (all == null || taken == null) {
            return null;
        }
        give(taken);
        rooms = all.isEmpty() ? null : all;
        return taken.presence;
    }

    /** Sends it, of all rooms: a signal may be of a peer of any of them. Returns how many bytes that were. */
    int send() {
        SequencedMap<RoomMembership, Waiting> all = rooms;
        rooms = null;
        int bytes = 0;
        if (all != null) {
            for (Waiting waiting : all.values()) {
                give(waiting);
                bytes += waiting.presence.send();
            }
        }
        return bytes;
    }

    /** Drops all of it: the receiver is gone. */
    void end() {
        if (rooms != null) {
            rooms.values().forEach(this::give);
            rooms = null;
        }
    }

    private void give(Waiting waiting) {
        if (waiting.bytes > 0) {
            memory.givePresence(address, waiting.bytes);
        }
    }
}
