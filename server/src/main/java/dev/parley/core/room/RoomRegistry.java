// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.NameRules;
import dev.parley.core.access.PatternCost;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import dev.parley.core.session.SignalSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All rooms of one kind on this node: made by the first who comes, gone with the last who leaves. */
public final class RoomRegistry {

    private final ConcurrentMap<String, Room> rooms = new ConcurrentHashMap<>();

    /** Names of the rooms that can be listed. Changed together with the map, under the lock of the map's entry. */
    private final NameIndex names = new NameIndex();

    private final PatternFinder wildcards = new PatternFinder(this);
    private final Supplier<RoomBounds> bounds;
    private final Duration window;

    /**
     * No rooms yet, and every change of one will be announced at once.
     *
     * @param bounds how much there may be, now
     */
    public RoomRegistry(Supplier<RoomBounds> bounds) {
        this(bounds, Duration.ZERO);
    }

    /** @param window how long changes of a crowded room may wait to be announced together, 0 if not at all */
    public RoomRegistry(Supplier<RoomBounds> bounds, Duration window) {
        this.bounds = bounds;
        this.window = window;
    }

    /**
     * Lets the session into the room of that name and its roster, unless it is full. Call on the loop of the session's
     * connection.
     *
     * @param capacity how many peers the room may have with the session, and from then on until it is empty
     */
    public EntryResult join(String name, Session session, MemberInterest interest, int capacity) {
        return admit(name, session, interest, true, capacity);
    }

    /**
     * Lets the session hear the room of that name, unless it is full; it is in the roster once it {@link
     * RoomMember#enter enters}. Call on the loop of the session's connection.
     */
    public EntryResult listen(String name, Session session, MemberInterest interest) {
        return admit(name, session, interest, false, Integer.MAX_VALUE);
    }

    /**
     * Lets the session hear every room whose name matches; it is in no roster, and its own is empty. Call on the loop
     * of the session's connection. Full if there are as many patterns as there may be, or the client holds its share of
     * them.
     */
    public EntryResult listen(ChannelPattern pattern, Session session, MemberInterest interest) {
        return wildcards.listen(pattern, session, interest);
    }

    /**
     * Hands the signal to everyone in the room of that name but its sender, who need not be there. Returns how many
     * connections that are.
     */
    public int publish(String name, Session from, Signal signal) {
        return publish(name, from, null, signal, null);
    }

    /**
     * Sends a signal to all in the room of that name but its sender, which need not be there. Returns the number of
     * connections.
     *
     * @param origin is notified about sessions that may miss the signal, of those that outlive their sockets
     * @param published remembers the matches of the name, and counts the steps of comparisons; null if {@link
     *     #hasPatterns} said no
     */
    public int publish(
            String name,
            Session from,
            @Nullable SignalOrigin origin,
            Signal signal,
            @Nullable PublishedNames published) {
        return publish(name, from.peer(), from, origin, signal, published);
    }

    /**
     * Sends a signal of a sender that has no session to all in the room of that name. Returns the number of
     * connections.
     *
     * @param published counts the steps of comparisons
     */
    public int publish(String name, PeerIdentity from, Signal signal, @Nullable PublishedNames published) {
        return publish(name, from, null, null, signal, published);
    }

    /**
     * Returns how many sessions receive what is published to the room of that name.
     *
     * @param published remembers the matches of the name, and counts the steps of comparisons; null if {@link
     *     #hasPatterns} said no
     */
    public int receivers(String name, @Nullable PublishedNames published) {
        return audience(name, published).length;
    }

    /** Whether anyone subscribes to a pattern. */
    public boolean hasPatterns() {
        return !wildcards.isEmpty();
    }

    /** Returns what it costs to compare a name with all patterns. */
    public PatternCost patternCost() {
        return wildcards.cost();
    }

    /**
     * Returns the steps of comparisons of names with a new pattern that no publisher pays for, since the last call. A
     * subscriber that leaves the pattern pays for them: call before it leaves.
     */
    public long takeUnpaidSteps(String pattern) {
        return wildcards.takeUnpaidSteps(pattern);
    }

    /**
     * Returns the first peers in the room of that name behind this id, in the order of their ids, up to {@code max}.
     * Reads every member of the room and takes no lock.
     */
    public List<PeerIdentity> roster(String name, String after, int max) {
        Room room = rooms.get(name);
        return room == null ? List.of() : room.members().page(after, max);
    }

    /** Peers in the roster of the room of that name. */
    public int peers(String name) {
        Room room = rooms.get(name);
        return room == null ? 0 : room.members().peers();
    }

    /** Members of the room of that name, whether they have entered its roster or not. */
    public int members(String name) {
        Room room = rooms.get(name);
        return room == null ? 0 : room.members().count();
    }

    /** Names of all rooms, without those that have half a surrogate pair, which UTF-8 cannot encode. */
    public NameIndex names() {
        return names;
    }

    /** How many rooms exist. */
    public int count() {
        return rooms.size();
    }

    RoomBounds bounds() {
        return bounds.get();
    }

    Duration window() {
        return window;
    }

    void forget(Room room) {
        remove(room);
        wildcards.forget(room);
    }

    /** A member left a room without a roster, and this one remains. */
    void remain(Room room, Session leaver, Session remaining) {
        wildcards.remain(room, leaver, remaining);
    }

    int publish(
            String name,
            PeerIdentity from,
            @Nullable SignalSource sender,
            @Nullable SignalOrigin origin,
            Signal signal,
            @Nullable NameMemory memory) {
        return new RoomPublication(name, audience(name, memory), from, sender, origin, signal).send();
    }

    /** Returns who receives what is published to the room of that name. The array is not to be changed. */
    RoomMember[] audience(String name, @Nullable NameMemory memory) {
        Room room = rooms.get(name);
        return room == null ? wildcards.audience(name, memory) : wildcards.audience(room, memory);
    }

    /** The room of that name, null if nobody of this node is there. */
    @Nullable
    Room find(String name) {
        return rooms.get(name);
    }

    void forEach(Consumer<Room> action) {
        rooms.values().forEach(action);
    }

    /** Has the action done with the room of that name, which is made if need be. Null says that the room is gone. */
    <R> R inRoom(String name, Function<Room, @Nullable R> action) {
        while (true) {
            Room room = rooms.computeIfAbsent(name, this::add);
            R result = action.apply(room);
            if (result != null) {
                return result;
            }
            remove(room);
        }
    }

    private EntryResult admit(
            String name, Session session, MemberInterest interest, boolean entersAtOnce, int capacity) {
        EntryResult entry =
                inRoom(name, room -> room.admit(session, interest, entersAtOnce, bounds().peers(name), capacity));
        if (entry instanceof EntryResult.Admitted admitted) {
            session.add(admitted.member());
        }
        return entry;
    }

    private Room add(String name) {
        Room room = new Room(name, this, true);
        if (NameRules.isWellFormed(name)) {
            names.add(name);
        }
        return room;
    }

    @SuppressWarnings("ReferenceEquality") // a later room of the same name stays
    private void remove(Room gone) {
        rooms.computeIfPresent(gone.name(), (name, room) -> {
            if (room != gone) {
                return room;
            }
            names.remove(name);
            return null;
        });
    }
}
