// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomMember;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one connection. Subscribing takes two steps: the client hears the channel at once, and enters its
 * roster a moment later, see {@link PendingEntries}. On the connection's loop.
 */
final class ChannelSubscriptions {

    private static final Logger log = LoggerFactory.getLogger(ChannelSubscriptions.class);

    private final Map<String, RoomMember> held = new HashMap<>(1); // most clients hold one
    private final Session session;
    private final RoomRegistry rooms;
    private final PendingEntries pendingEntries;
    private final ConnectionMemory memory;
    private final int limit;

    /**
     * None yet.
     *
     * @param memory pays for those that are held
     * @param limit how many there may be
     */
    ChannelSubscriptions(
            Session session, RoomRegistry rooms, PendingEntries pendingEntries, ConnectionMemory memory, int limit) {
        this.session = session;
        this.rooms = rooms;
        this.pendingEntries = pendingEntries;
        this.memory = memory;
        this.limit = limit;
    }

    /**
     * Adds the channel, or replaces what is wanted of it; each time the roster follows. Null if that went well.
     *
     * @param pattern the channel's name as a pattern if it is meant as one
     */
    @Nullable
    ErrorCode subscribe(String channel, @Nullable ChannelPattern pattern, MemberInterest interest) {
        RoomMember before = held.get(channel);
        if (before != null && before.isByPattern() != (pattern != null)) {
            unsubscribe(channel); // what it may hear was changed, and its name means something else now
            before = null;
        }
        if (before == null) {
            return begin(channel, pattern, interest);
        }
        session.releaseOffers(); // first: the waiting signals were sent for the former interest
        before.showPresence(interest.presence()); // with the roster first, if it was not shown before
        before.interest(interest);
        pendingEntries.add(before);
        return null;
    }

    private @Nullable ErrorCode begin(String channel, @Nullable ChannelPattern pattern, MemberInterest interest) {
        if (held.size() >= limit || !memory.takeSubscription(session.group(), channel)) {
            return ErrorCode.CHANNEL_LIMIT_EXCEEDED;
        }
        RoomMember member = listen(channel, pattern, interest);
        if (member == null) {
            giveMemory(channel);
            return pattern == null ? ErrorCode.CHANNEL_FULL : ErrorCode.CHANNEL_LIMIT_EXCEEDED;
        }
        held.put(channel, member);
        pendingEntries.add(member);
        return null;
    }

    private void giveMemory(String channel) {
        memory.giveSubscriptions(session.group(), ConnectionMemory.ofSubscription(channel));
    }

    /** Bytes of memory that those that are held take, see {@link ConnectionMemory}. */
    int memory() {
        int bytes = 0;
        for (String channel : held.keySet()) {
            bytes += ConnectionMemory.ofSubscription(channel);
        }
        return bytes;
    }

    /** The channels that are held, as they were named. */
    List<String> channels() {
        return held.isEmpty() ? List.of() : List.copyOf(held.keySet());
    }

    /** The pattern as which a channel is held, null if it is held as the name it is. */
    @Nullable
    ChannelPattern pattern(String channel) {
        RoomMember member = held.get(channel);
        return member != null && member.isByPattern() ? ChannelPattern.of(channel) : null;
    }

    /** Sets whether the client gets the presence of the channel from now on. */
    void showPresence(String channel, boolean isShown) {
        RoomMember member = held.get(channel);
        if (member != null) {
            member.showPresence(isShown);
        }
    }

    /** The client lost its socket a while ago, or is back: members of its channels may be notified. */
    void away(boolean isAway) {
        held.values().forEach(member -> member.away(isAway));
    }

    private @Nullable RoomMember listen(String channel, @Nullable ChannelPattern pattern, MemberInterest interest) {
        if (pattern != null) {
            return rooms.listen(pattern, session, interest);
        }
        return switch (rooms.listen(channel, session, interest)) {
            case EntryResult.Admitted admitted -> admitted.member();
            case EntryResult.Full full -> {
                pendingEntries.rates().charge(full.capacity(), 0); // every place was looked at
                yield null;
            }
        };
    }

    /** Gives the channel up, if it is held; returns how many members remain, which may have been notified. */
    int unsubscribe(String channel) {
        RoomMember member = held.remove(channel);
        if (member == null) {
            return 0;
        }
        giveMemory(channel);
        session.releaseOffers(); // first: the client knows the channel until it is acknowledged
        payComparisons(member);
        pendingEntries.remove(member);
        return member.leave();
    }

    private void payComparisons(RoomMember member) {
        if (member.isByPattern()) {
            pendingEntries.rates().chargeComparisons(rooms.takeUnpaidSteps(member.room()));
        }
    }

    /** Gives all channels up, but not their {@link #memory}. */
    void end() {
        held.values().forEach(pendingEntries::remove);
        held.values().forEach(this::payComparisons);
        held.values().forEach(ChannelSubscriptions::leave);
        held.clear();
    }

    /** What fails in one channel, for want of memory perhaps, must not leave a ghost in the others. */
    @SuppressWarnings("CatchingUnchecked") // an error of the allocator is no exception
    private static void leave(RoomMember member) {
        try {
            member.leave();
        } catch (RuntimeException | Error e) {
            log.error("the members of a channel could not be notified that a peer has left", e);
        }
    }
}
