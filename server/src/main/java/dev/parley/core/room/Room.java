// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.AddressShare;
import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.core.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A group of members who hear each other. See the package for its thread rule. */
final class Room {

    /** In a room of so many members every change is announced at once, as long as it is not restless. */
    private static final int SMALL = 8;

    /** Changes in one second beyond which a room is restless: somebody comes and goes all the time. */
    private static final int RESTLESS = 16;

    static final RoomMember[] NOBODY = {};

    private final String name;
    private final RoomRegistry rooms;
    private final boolean hasRoster;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Members of one loop stand next to each other, and of these, members of one protocol. Replaced as a whole under
     * the lock, so that publishing reads it without.
     */
    private volatile RoomMember[] members = NOBODY;

    /** There is one while changes have to wait; guarded by the lock. */
    private @Nullable ChangeWindow changeWindow;

    /** Null while every member has a socket; guarded by the lock. */
    private @Nullable AbsentPeers absentPeers;

    /** Peers in the roster. Written under the lock. */
    private volatile int peers;

    /** How many changes were announced at once in the second {@link #second} of the loops. Guarded by the lock. */
    private int changes;

    private int second;

    /** Null until something is published while there are patterns. Any thread replaces it. */
    private volatile @Nullable PatternMatches matches;

    /** Set when the last member left; such a room takes nobody any more. */
    private boolean gone;

    /** @param hasRoster whether members who enter are seen by the others */
    Room(String name, RoomRegistry rooms, boolean hasRoster) {
        this.name = name;
        this.rooms = rooms;
        this.hasRoster = hasRoster;
    }

    String name() {
        return name;
    }

    /** Whether members are listed, as in every room but those of the subscribers of a pattern. */
    boolean hasRoster() {
        return hasRoster;
    }

    /** Peers in the roster. Safe from any thread. */
    int peers() {
        return peers;
    }

    /** Counts peers of the roster. Under the lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // other threads only read it
    void countPeers(int more) {
        peers += more;
    }

    /**
     * Null when the last member has just left: this room is no more, and another of its name may be made.
     *
     * @param capacity how many peers a room with a roster may have with the session
     */
    @Nullable
    EntryResult admit(Session session, MemberInterest interest, boolean entersAtOnce, int capacity) {
        lock.lock();
        try {
            if (gone) {
                return null;
            }
            RoomMember[] present = members;
            if (hasRoster && mayBeFull(session, present, capacity) && !fits(session, present, capacity)) {
                return new EntryResult.Full(capacity);
            }
            RoomMember member = new RoomMember(this, session, interest);
            if (entersAtOnce) {
                enterAtOnce(member);
            } else {
                members = with(present, member);
            }
            if (hasRoster) {
                session.add(member);
            }
            return new EntryResult.Admitted(member, present.length);
        } finally {
            forgetIfEmpty(); // if it failed for the first who came
            lock.unlock();
        }
    }

    /**
     * The newcomer receives the roster, then what is published, and only then the others are notified: publishing takes
     * no lock, so another loop may publish an answer while this one still holds it.
     */
    private void enterAtOnce(RoomMember member) {
        RoomMember[] present = members;
        if (member.interest().presence()) {
            settle();
            postRoster(member);
        }
        members = with(present, member);
        try {
            announce(member);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            members = present;
            throw e;
        }
    }

    /**
     * The newcomer's roster is posted before it is announced to the others, so their signals come after it. While
     * changes wait, it waits too. Returns about how many peers its roster has, and how many members get the
     * announcement.
     */
    int enter(RoomMember member) {
        lock.lock();
        try {
            if (changeWindow != null && !member.isEntered()) {
                changeWindow.add(member);
                return member.interest().presence() ? 2 * members.length : members.length;
            }
            settle();
            int told = 0;
            if (member.interest().presence()) {
                told += postRoster(member);
            }
            if (hasRoster && !member.isEntered()) {
                told += announce(member);
            }
            return told;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the interest of a member that may have entered. No event of the room gets between that and its roster.
     */
    void setInterest(RoomMember member, MemberInterest wanted) {
        lock.lock();
        try {
            boolean isRosterDue = wanted.presence() && (member.isEntered() || !hasRoster);
            if (isRosterDue) {
                settle();
            }
            member.interest(wanted);
            if (isRosterDue) {
                postRoster(member);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A member's client has lost its socket and is waited for, or is back. */
    void away(RoomMember member, boolean isAway) {
        lock.lock();
        try {
            if (hasRoster && member.isAway() != isAway) {
                member.isAway(isAway);
                absentPeers = absentPeers == null ? new AbsentPeers() : absentPeers;
                absentPeers.count(isAway);
                reviewAbsence(member);
            }
        } finally {
            lock.unlock();
        }
    }

    /** To be called when a member of the peer has entered, has left, is away or is back. */
    private void reviewAbsence(RoomMember changed) {
        AbsentPeers reviewed = absentPeers;
        if (reviewed == null) {
            return;
        }
        if (reviewed.claimAnnouncement(changed, members)) {
            changed.session().loop().schedule(rooms.window(), this::announceAbsences);
        }
        absentPeers = reviewed.isEmpty() ? null : reviewed;
    }

    private void announceAbsences() {
        lock.lock();
        try {
            if (absentPeers != null) {
                absentPeers.announce(members, notifier(null));
                absentPeers = absentPeers.isEmpty() ? null : absentPeers;
            }
        } finally {
            lock.unlock();
        }
    }

    int leave(RoomMember member) {
        lock.lock();
        try {
            RoomMember[] remaining = without(members, member);
            if (remaining.length == members.length) {
                return remaining.length;
            }
            members = remaining;
            boolean isUnseen = changeWindow != null && changeWindow.drop(member);
            if (!isUnseen && member.isListed()) {
                handOver(member);
            }
            if (member.isAway()) {
                away(member, false);
            } else {
                reviewAbsence(member);
            }
            if (!hasRoster && remaining.length > 0) {
                rooms.remain(this, member.session(), remaining[0].session());
            }
            forgetIfEmpty();
            return remaining.length;
        } finally {
            lock.unlock();
        }
    }

    /** The patterns that match the name, as they were compared last; null if they were not. Safe from any thread. */
    @Nullable
    PatternMatches matches() {
        return matches;
    }

    /** Remembers the patterns that match the name. Safe from any thread. */
    void setMatches(PatternMatches compared) {
        matches = compared;
    }

    private void forgetIfEmpty() {
        if (members.length == 0 && !gone) {
            gone = true;
            changeWindow = null;
            rooms.forget(this);
        }
    }

    /** The members now, also those that have not entered yet. The array must not be changed. */
    RoomMember[] members() {
        return members;
    }

    void publish(Session from, Signal signal) {
        rooms.publish(name, from, signal);
    }

    /** Returns each peer once, in the order of their ids, see {@link RoomRegistry#roster}. Safe from any thread. */
    List<PeerIdentity> roster(String after, int max) {
        NavigableMap<String, PeerIdentity> first = new TreeMap<>();
        for (RoomMember member : members) {
            PeerIdentity peer = member.session().peer();
            boolean isDue = member.isEntered()
                    && peer.id().compareTo(after) > 0
                    && (first.size() < max || peer.id().compareTo(first.lastKey()) <= 0);
            if (isDue && (member.isListed() || !first.containsKey(peer.id()))) {
                first.put(peer.id(), peer);
                if (first.size() > max) {
                    first.pollLastEntry();
                }
            }
        }
        return List.copyOf(first.values());
    }

    /** Returns how many peers are in it. */
    private int postRoster(RoomMember member) {
        List<PeerIdentity> others = new ArrayList<>();
        for (RoomMember other : members) {
            if (other.isListed() && !other.isSamePeerAs(member)) {
                others.add(other.session().peer());
            }
        }
        notifier(null).roster(others, member);
        tellWhoIsAway(member);
        return others.size();
    }

    /** Returns the number of receivers. */
    private int announce(RoomMember member) {
        boolean isFirst = siblings(member).isEmpty();
        member.entered(isFirst);
        reviewAbsence(member);
        return isFirst ? tellOthers(member, List.of(member.session().peer()), List.of()) : 0;
    }

    /** The peer stays in the roster if another of its connections is here; only with the last one it has left. */
    private void handOver(RoomMember leaver) {
        List<RoomMember> siblings = siblings(leaver);
        if (siblings.isEmpty()) {
            countPeers(-1);
            leaveRoster(leaver, leaver.session().peer());
        } else {
            siblings.getFirst().listed();
        }
    }

    private void tellWhoIsAway(RoomMember member) {
        if (absentPeers != null) {
            absentPeers.announceAll(member, notifier(null));
        }
    }

    private void leaveRoster(RoomMember leaver, PeerIdentity peer) {
        if (absentPeers != null) {
            absentPeers.forget(peer);
        }
        if (changeWindow != null) {
            changeWindow.addLeft(peer);
        } else {
            tellOthers(leaver, List.of(), List.of(peer));
        }
    }

    /** Other members of the same peer that have entered. */
    private List<RoomMember> siblings(RoomMember member) {
        return select(other -> other != member && other.isEntered() && other.isSamePeerAs(member));
    }

    /** Of a change that did not have to wait; those behind it do if the room is crowded. */
    private int tellOthers(RoomMember member, List<PeerIdentity> joined, List<PeerIdentity> left) {
        List<RoomMember> others =
                select(other -> other.isEntered() && other.interest().presence() && !other.isSamePeerAs(member));
        int told = notifier(null).change(joined, left, others.toArray(NOBODY));
        Loop loop = member.session().loop();
        countChange(loop);
        if (isCrowded(loop) && !rooms.window().isZero()) {
            ChangeWindow window = new ChangeWindow();
            await(window, loop, rooms.window()); // first: without its end, changes would never be announced
            changeWindow = window;
        }
        return told;
    }

    private void countChange(Loop loop) {
        int now = second(loop);
        changes = now == second ? changes + 1 : 1;
        second = now;
    }

    /** Whether changes have to wait to be announced together: there are many members, or many changes. */
    private boolean isCrowded(Loop loop) {
        return members.length > SMALL || (changes > RESTLESS && second(loop) == second);
    }

    /** All loops began at about the same time. */
    private static int second(Loop loop) {
        return (int) TimeUnit.NANOSECONDS.toSeconds(loop.now());
    }

    private void await(ChangeWindow window, Loop loop, Duration time) {
        loop.schedule(time, () -> end(window, loop));
    }

    /** Announces the waiting changes. As long as there are enough to announce together, later ones go on waiting. */
    @SuppressWarnings("ReferenceEquality") // one of an earlier window ends nothing
    private void end(ChangeWindow window, Loop loop) {
        lock.lock();
        try {
            if (changeWindow != window) {
                return;
            }
            boolean wasBusy = window.isBusy() && isCrowded(loop);
            try {
                settle();
            } finally {
                if (wasBusy || window.isAwaited()) {
                    await(window, loop, rooms.window().multipliedBy(window.windowsUntilNext()));
                    window.goOn();
                } else {
                    changeWindow = null;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Announces the waiting changes now. */
    private void settle() {
        if (changeWindow == null) {
            return;
        }
        ChangeWindow waiting = changeWindow;
        for (ChangeBatch batch = waiting.next(members); !batch.isEmpty(); batch = waiting.next(members)) {
            waiting.told(batch);
            batch.tell(members, notifier(lock), notifier(null));
            batch.newcomers().forEach(this::tellWhoIsAway);
            batch.newcomers().forEach(this::reviewAbsence);
        }
    }

    /** @param hold see {@link PresenceNotifier#lock} */
    PresenceNotifier notifier(@Nullable ReentrantLock hold) {
        return new PresenceNotifier(name, hold);
    }

    /**
     * Whether there is no place if every member is a peer of its own, which is found out with less work than {@link
     * #fits}.
     */
    private static boolean mayBeFull(Session newcomer, RoomMember[] present, int capacity) {
        if (present.length < capacity / 2) {
            return false;
        }
        int held = 0;
        for (RoomMember member : present) {
            held += member.session().group().equals(newcomer.group()) ? 1 : 0;
        }
        return !AddressShare.allows(capacity, present.length, held);
    }

    /** Whether there is a place for one of its address: peers take one, however many connections they have. */
    private static boolean fits(Session newcomer, RoomMember[] present, int capacity) {
        Set<String> peers = new HashSet<>();
        Set<String> neighbours = new HashSet<>();
        for (RoomMember member : present) {
            String id = member.session().peer().id();
            peers.add(id);
            if (member.session().group().equals(newcomer.group())) {
                neighbours.add(id);
            }
        }
        return peers.contains(newcomer.peer().id()) || AddressShare.allows(capacity, peers.size(), neighbours.size());
    }

    private List<RoomMember> select(Predicate<RoomMember> condition) {
        List<RoomMember> selected = new ArrayList<>();
        for (RoomMember member : members) {
            if (condition.test(member)) {
                selected.add(member);
            }
        }
        return selected;
    }

    private static RoomMember[] with(RoomMember[] members, RoomMember newcomer) {
        int place = placeBehind(members, newcomer);
        RoomMember[] more = new RoomMember[members.length + 1];
        System.arraycopy(members, 0, more, 0, place);
        more[place] = newcomer;
        System.arraycopy(members, place, more, place + 1, members.length - place);
        return more;
    }

    /** Behind the last member of the same loop and protocol, else of the same loop, else of all. */
    @SuppressWarnings("ReferenceEquality") // a loop and a protocol are nothing but themselves
    private static int placeBehind(RoomMember[] members, RoomMember newcomer) {
        int place = 0;
        for (int i = members.length; i > 0; i--) {
            Session session = members[i - 1].session();
            if (session.loop() == newcomer.session().loop()) {
                if (session.protocol() == newcomer.session().protocol()) {
                    return i;
                }
                place = place == 0 ? i : place;
            }
        }
        return place == 0 ? members.length : place;
    }

    private static RoomMember[] without(RoomMember[] members, RoomMember leaver) {
        return Arrays.stream(members).filter(member -> member != leaver).toArray(RoomMember[]::new);
    }
}
