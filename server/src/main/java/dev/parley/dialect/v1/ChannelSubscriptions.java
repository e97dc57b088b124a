// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one connection. Subscribing takes two steps: the client hears the channel at once, and enters its
 * roster a moment later, see {@link PendingEntries}. On the connection's loop.
 */
final class ChannelSubscriptions {

    private static final Logger log = LoggerFactory.getLogger(ChannelSubscriptions.class);

    /** Ignores how many members are notified, so that a client that leaves pays nothing. */
    static final IntConsumer FREE = remaining -> {};

    private final Map<String, RoomMember> held = new HashMap<>(1); // most clients hold one
    private final Session session;
    private final AppDirectory directory;
    private final PendingEntries pendingEntries;
    private final int limit;

    /** The client is gone. */
    private boolean isOver;

    /**
     * None yet.
     *
     * @param directory the peers and rooms of its app
     * @param limit how many there may be
     */
    ChannelSubscriptions(Session session, AppDirectory directory, PendingEntries pendingEntries, int limit) {
        this.session = session;
        this.directory = directory;
        this.pendingEntries = pendingEntries;
        this.limit = limit;
    }

    /**
     * Adds the channel, or replaces what is wanted of it; each time the roster follows.
     *
     * @param pattern the channel's name as a pattern if it is meant as one
     * @param answer is given null if that went well; at once or later, but not behind the end of the client
     */
    void subscribe(
            String channel,
            @Nullable ChannelPattern pattern,
            MemberInterest interest,
            Consumer<@Nullable ErrorCode> answer) {
        RoomMember before = held.get(channel);
        if (before != null && before.isByPattern() != (pattern != null)) {
            unsubscribe(channel, FREE); // what it may hear was changed, and its name means something else now
            before = null;
        }
        if (before == null) {
            begin(channel, pattern, interest, answer);
            return;
        }
        session.releaseOffers(); // first: the waiting signals were sent for the former interest
        before.showPresence(interest.presence()); // with the roster first, if it was not shown before
        before.interest(interest);
        pendingEntries.add(before);
        answer.accept(null);
    }

    private void begin(
            String channel,
            @Nullable ChannelPattern pattern,
            MemberInterest interest,
            Consumer<@Nullable ErrorCode> answer) {
        if (held.size() >= limit || !directory.memory().takeSubscription(session.group(), channel)) {
            answer.accept(ErrorCode.CHANNEL_LIMIT_EXCEEDED);
        } else if (pattern == null) {
            directory.exchange().listen(channel, session, interest, result -> decided(channel, result, answer));
        } else {
            directory.exchange().listen(pattern, session, interest, result -> decided(channel, result, answer));
        }
    }

    private void decided(String channel, EntryResult result, Consumer<@Nullable ErrorCode> answer) {
        if (!(result instanceof EntryResult.Admitted admitted)) {
            giveMemory(channel);
        } else if (isOver) {
            giveMemory(channel);
            leave(admitted.member());
        } else {
            pendingEntries.rates().chargeFetched(admitted.fetched());
            held.put(channel, admitted.member());
            pendingEntries.add(admitted.member());
        }
        if (result instanceof EntryResult.Full full) {
            pendingEntries.rates().charge(full.capacity(), 0); // every place was looked at
        }
        if (!isOver) {
            answer.accept(fault(result));
        }
    }

    private static @Nullable ErrorCode fault(EntryResult result) {
        return switch (result) {
            case EntryResult.Admitted admitted -> null;
            case EntryResult.Full full ->
                full.isOfPatterns() ? ErrorCode.CHANNEL_LIMIT_EXCEEDED : ErrorCode.CHANNEL_FULL;
            case EntryResult.Unavailable unavailable -> ErrorCode.UNAVAILABLE;
        };
    }

    private void giveMemory(String channel) {
        directory.memory().giveSubscriptions(session.group(), ConnectionMemory.ofSubscription(channel));
    }

    /** Bytes of memory that those that are held take, see {@link ConnectionMemory}. */
    int memory() {
        int bytes = 0;
        for (String channel : held.keySet()) {
            bytes += ConnectionMemory.ofSubscription(channel);
        }
        return bytes;
    }

    /** Whether the channel is held. */
    boolean holds(String channel) {
        return held.containsKey(channel);
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
        held.values().forEach(member -> directory.exchange().setAway(member, isAway));
    }

    /**
     * Gives the channel up, if it is held.
     *
     * @param remaining is given how many members remain, which may have been notified
     */
    void unsubscribe(String channel, IntConsumer remaining) {
        RoomMember member = held.remove(channel);
        if (member == null) {
            return;
        }
        giveMemory(channel);
        session.releaseOffers(); // first: the client knows the channel until it is acknowledged
        payComparisons(member);
        pendingEntries.remove(member);
        directory.exchange().leave(member, remaining);
    }

    private void payComparisons(RoomMember member) {
        if (member.isByPattern()) {
            pendingEntries.rates().chargeComparisons(directory.rooms().takeUnpaidSteps(member.room()));
        }
    }

    /** Gives all channels up, but not their {@link #memory}. */
    void end() {
        isOver = true;
        held.values().forEach(pendingEntries::remove);
        held.values().forEach(this::payComparisons);
        held.values().forEach(this::leave);
        held.clear();
    }

    /** What fails in one channel, for want of memory perhaps, must not leave a ghost in the others. */
    @SuppressWarnings("CatchingUnchecked") // an error of the allocator is no exception
    private void leave(RoomMember member) {
        try {
            directory.exchange().leave(member, FREE);
        } catch (RuntimeException | Error e) {
            log.error("the members of a channel could not be notified that a peer has left", e);
        }
    }
}
