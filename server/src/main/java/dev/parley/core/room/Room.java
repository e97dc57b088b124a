// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A group of members, each of which receives what the others publish. Admits members, lets them enter the roster, and
 * removes them. See the package for its thread rule.
 */
final class Room {

    static final RoomMember[] NOBODY = {};

    /** Never changed. */
    private static final RemoteSessions NO_REMOTE = new RemoteSessions();

    private final String name;
    private final RoomRegistry rooms;
    private final boolean hasRoster;
    private final ReentrantLock lock = new ReentrantLock();
    private final RoomMembers members = new RoomMembers();
    private final RoomAnnouncements announcements = new RoomAnnouncements(this);

    /** Null while all sessions of the roster are members; guarded by the lock. */
    private @Nullable RemoteRoster remote;

    /** How many sessions on other nodes are in the roster. Changed under the lock. */
    private volatile int remoteSessions;

    /** Null until something is published while there are patterns. Any thread replaces it. */
    private volatile @Nullable PatternMatches matches;

    /** The smallest capacity that any member has asked for since the room exists. Guarded by the lock. */
    private int capacity = Integer.MAX_VALUE;

    /** Set when the last member has left; no one joins this room any more. */
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

    /** Its members. Safe from any thread. */
    RoomMembers members() {
        return members;
    }

    /** The sessions on other nodes. Under the lock. */
    RemoteSessions remote() {
        return remote == null ? NO_REMOTE : remote.sessions();
    }

    /** How many sessions on other nodes are in the roster. Safe from any thread. */
    int remoteSessions() {
        return remoteSessions;
    }

    /** Announces changes of the room to its members. Under the lock. */
    RoomAnnouncements announcements() {
        return announcements;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** How long changes wait while the room is crowded, 0 if not at all. */
    Duration changeTime() {
        return rooms.window();
    }

    /** @param hold see {@link PresenceNotifier#lock} */
    PresenceNotifier notifier(@Nullable ReentrantLock hold) {
        return new PresenceNotifier(name, hold);
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

    /**
     * Null when the last member has just left: this room is no more, and another of its name may be made.
     *
     * @param configured how many peers a room with a roster may have with the session
     * @param wanted how many peers it may have with the session, and from then on
     */
    @Nullable
    EntryResult admit(Session session, MemberInterest interest, boolean entersAtOnce, int configured, int wanted) {
        lock.lock();
        try {
            if (gone) {
                return null;
            }
            int most = Math.min(Math.min(capacity, wanted), configured);
            if (hasRoster && !members.hasPlace(session, most)) {
                return new EntryResult.Full(most);
            }
            int others = members.count();
            RoomMember member = new RoomMember(this, session, interest);
            if (entersAtOnce) {
                enterAtOnce(member);
            } else {
                members.add(member);
            }
            capacity = Math.min(capacity, wanted);
            return new EntryResult.Admitted(member, others);
        } finally {
            forgetIfEmpty(); // if it failed for the first who came
            lock.unlock();
        }
    }

    /**
     * Admits a session as was decided for all nodes. Null when the last member has just left, as {@link #admit}.
     *
     * @param entries the roster on other nodes; null if the room has it
     */
    @Nullable
    RoomMember admitDecided(
            Session session, MemberInterest interest, boolean entersAtOnce, @Nullable List<RosterEntry> entries) {
        lock.lock();
        try {
            if (gone) {
                return null;
            }
            RoomMember member = new RoomMember(this, session, interest);
            if (entries != null && members.count() == 0) {
                entries.forEach(remoteRoster()::add);
            } else if (entries != null) { // members that are there know an older roster: the state was lost
                remoteRoster().replace(entries);
            }
            remoteSessions = remote().count();
            if (entersAtOnce) {
                enterAtOnce(member);
            } else {
                members.add(member);
            }
            remote().all().stream()
                    .filter(RosterEntry::isAway)
                    .forEach(it -> announcements.reviewAbsence(it.peer().id(), session.loop()));
            return member;
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
        if (member.interest().presence()) {
            announcements.settle();
            postRoster(member);
        }
        members.add(member);
        try {
            announce(member);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            members.remove(member);
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
            if (announcements.delay(member)) {
                return member.interest().presence() ? 2 * members.count() : members.count();
            }
            announcements.settle();
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
                announcements.settle();
            }
            member.interest(wanted);
            if (isRosterDue) {
                postRoster(member);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many members remain. */
    int leave(RoomMember member) {
        lock.lock();
        try {
            if (!members.remove(member)) {
                return members.count();
            }
            boolean isUnseen = announcements.drop(member);
            if (!isUnseen && member.isListed()) {
                handOver(member);
            }
            if (member.isAway()) {
                away(member, false);
            } else {
                announcements.reviewAbsence(member);
            }
            RoomMember[] remaining = members.all();
            if (!hasRoster && remaining.length > 0) {
                rooms.remain(this, member.session(), remaining[0].session());
            }
            forgetIfEmpty();
            return remaining.length;
        } finally {
            lock.unlock();
        }
    }

    private void forgetIfEmpty() {
        if (members.count() == 0 && !gone) {
            gone = true;
            announcements.end();
            rooms.forget(this);
        }
    }

    /** Returns how many peers are in it. */
    private int postRoster(RoomMember member) {
        List<PeerIdentity> others = members.othersThan(member, remote());
        notifier(null).roster(others, member);
        announcements.tellWhoIsAway(member);
        return others.size();
    }

    /** Returns the number of receivers. */
    private int announce(RoomMember member) {
        boolean isFirst = members.siblings(member).isEmpty();
        member.entered(isFirst);
        announcements.reviewAbsence(member);
        return isFirst && !remote().holds(member.session().peer().id()) ? announcements.enter(member) : 0;
    }

    /** The peer stays in the roster if another of its connections is here; only with the last one it has left. */
    private void handOver(RoomMember leaver) {
        List<RoomMember> siblings = members.siblings(leaver);
        if (siblings.isEmpty()) {
            PeerIdentity peer = leaver.session().peer();
            members.countPeers(-1);
            if (!remote().holds(peer.id())) {
                announcements.leave(leaver.session().loop(), peer);
            }
        } else {
            siblings.getFirst().listed();
        }
    }

    /**
     * Announces what waits, if that is the entry of this peer or of this member: other nodes know of it, and a signal
     * follows.
     */
    void announceEntry(String peer, @Nullable RoomMember member) {
        lock.lock();
        try {
            if (announcements.isDelayed(peer, member)) {
                announcements.settle();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Changes the part of the roster that is on other nodes, unless the room is no more. */
    void changeRemote(Consumer<RemoteRoster> change) {
        lock.lock();
        try {
            if (!gone) {
                change.accept(remoteRoster());
                remote = remote().isEmpty() ? null : remote;
                remoteSessions = remote().count();
            }
        } finally {
            lock.unlock();
        }
    }

    private RemoteRoster remoteRoster() {
        RemoteRoster known = remote;
        if (known == null) {
            known = new RemoteRoster(this);
            remote = known;
        }
        return known;
    }

    /** A member's client has lost its socket and is waited for, or is back. */
    void away(RoomMember member, boolean isAway) {
        lock.lock();
        try {
            if (hasRoster && member.isAway() != isAway) {
                member.isAway(isAway);
                announcements.countAway(isAway ? 1 : -1);
                announcements.reviewAbsence(member);
            }
        } finally {
            lock.unlock();
        }
    }
}
