// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.room.Entry;
import dev.parley.core.room.Interest;
import dev.parley.core.room.Member;
import dev.parley.core.room.Rooms;
import dev.parley.core.session.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one connection. Subscribing takes two steps: the client hears the channel at once, and enters its
 * roster a moment later, see {@link Entrances}. On the connection's loop.
 */
final class Subscriptions {

    private final Map<String, Member> members = new HashMap<>();
    private final Session session;
    private final Rooms rooms;
    private final Entrances entrances;
    private final int limit;

    /**
     * None yet.
     *
     * @param limit how many there may be
     */
    Subscriptions(Session session, Rooms rooms, Entrances entrances, int limit) {
        this.session = session;
        this.rooms = rooms;
        this.entrances = entrances;
        this.limit = limit;
    }

    /**
     * Adds the channel, or replaces what is wanted of it; each time the roster follows. Null if that went well.
     *
     * @param pattern the channel's name as a pattern if it is meant as one
     */
    @Nullable
    ErrorCode subscribe(String channel, @Nullable ChannelPattern pattern, Interest interest) {
        Member member = members.get(channel);
        if (member == null) {
            if (members.size() >= limit) {
                return ErrorCode.CHANNEL_LIMIT_EXCEEDED;
            }
            member = listen(channel, pattern, interest);
            if (member == null) {
                return ErrorCode.CHANNEL_FULL;
            }
            members.put(channel, member);
        } else {
            member.interest(interest);
        }
        entrances.add(member);
        return null;
    }

    /** The channels that are held, as they were named. */
    List<String> channels() {
        return List.copyOf(members.keySet());
    }

    /** Whether the client is told who is in the channel, from now on. */
    void showPresence(String channel, boolean isShown) {
        Member member = members.get(channel);
        if (member != null) {
            member.showPresence(isShown);
        }
    }

    private @Nullable Member listen(String channel, @Nullable ChannelPattern pattern, Interest interest) {
        if (pattern != null) {
            return rooms.listen(pattern, session, interest);
        }
        return rooms.listen(channel, session, interest) instanceof Entry.Admitted admitted ? admitted.member() : null;
    }

    /** Gives the channel up, if it is held. */
    void unsubscribe(String channel) {
        Member member = members.remove(channel);
        if (member != null) {
            entrances.remove(member);
            member.leave();
        }
    }

    /** Gives all channels up. */
    void end() {
        members.values().forEach(entrances::remove);
        members.values().forEach(Member::leave);
        members.clear();
    }
}
