// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.session.DelayedPresence;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;

/**
 * A session's place in a room: it hears signals from the start, and is seen by others, and sees them, once it entered.
 * For the loop of that session's connection only.
 */
public final class RoomMember extends RoomMembership {

    private final Room room;
    private final Session session;

    /** Read on the loops of senders, to know whether anyone asked. */
    private volatile MemberInterest interest;

    /** It is in the roster, or another member of the same peer stands there for it. Written under the room's lock. */
    private volatile boolean isEntered;

    /** Whether it is the member that the roster lists for its peer. Written under the room's lock. */
    private volatile boolean isListed;

    /** Its client lost its socket and is waited for. Guarded by the room's lock. */
    private boolean isAway;

    private boolean isGone;

    /** It is to be in the roster, and that may not be decided yet. */
    private boolean isEntering;

    /** Its client lost its socket and is waited for, and that may not be decided yet. */
    private boolean isToBeAway;

    RoomMember(Room room, Session session, MemberInterest interest) {
        this.room = room;
        this.session = session;
        this.interest = interest;
    }

    /**
     * Enters the roster: the member gets the roster, and the others the announcement; in a crowded room that is
     * changing, a moment later and together with others. Later calls only tell it again. Not to be called after {@link
     * #leave}. Returns about how many peers its roster has, and how many members get the announcement.
     */
    public int enter() {
        return room.enter(this);
    }

    /** Replaces the interest of the member. */
    public void interest(MemberInterest wanted) {
        interest = wanted;
    }

    /**
     * Sets whether the member gets the roster and its changes from now on; the roster comes first if it has
     * entered.
     */
    public void showPresence(boolean isShown) {
        if (interest.presence() != isShown) {
            room.setInterest(this, MemberInterest.of(isShown, interest.senderMetadata()));
        }
    }

    /** The member's client lost its socket and is waited for, or is back. Safe from any thread. */
    public void away(boolean isWaitedFor) {
        room.away(this, isWaitedFor);
    }

    /** Gives the place up, and from now on nothing of the room arrives; returns how many members remain. */
    public int leave() {
        withdraw();
        return remove();
    }

    // The same in two steps, between which it is decided for all nodes.

    /** Stops the delivery of everything from the room. */
    public void withdraw() {
        isGone = true;
        session.remove(this);
    }

    /** Removes the member, which has withdrawn; returns how many members remain. Safe from any thread. */
    public int remove() {
        return room.leave(this);
    }

    /**
     * A signal of this peer to the member follows: announces the peer, and the member, if their entries wait. Safe from
     * any thread.
     */
    public void announceEntries(String peer) {
        room.announceEntry(peer, this);
    }

    /** It is to be in the roster. */
    public void setEntering() {
        isEntering = true;
    }

    /** Whether it is to be in the roster. */
    public boolean isEntering() {
        return isEntering;
    }

    /** Its client lost its socket and is waited for, or is back. */
    public void setToBeAway(boolean isWaitedFor) {
        isToBeAway = isWaitedFor;
    }

    /** Whether its client lost its socket and is waited for, which may not be decided yet. */
    public boolean isToBeAway() {
        return isToBeAway;
    }

    @Override
    public String room() {
        return room.name();
    }

    /** Whether the session receives what is published in all channels that match the room's name as a pattern. */
    public boolean isByPattern() {
        return !room.hasRoster();
    }

    /** What tells this member alone. */
    PresenceNotifier notifier() {
        return room.notifier(null);
    }

    /**
     * Tells the member of presence, and leaves the caller its reference. Changes of the roster wait while its socket
     * takes no more. On its loop.
     */
    void tell(Frame frame, SessionEvent event) {
        if (session.takesPresence()) {
            session.send(frame, event);
        } else if (event instanceof SessionEvent.Changed changed) {
            session.delayPresence(this, it -> new DelayedChanges(this), changed);
        } else {
            tellBehindDelayed(frame, event);
        }
    }

    private void tellBehindDelayed(Frame frame, SessionEvent event) {
        DelayedPresence delayed = session.takeDelayedPresence(this);
        if (delayed != null && !(event instanceof SessionEvent.Roster)) { // which says it all
            delayed.send();
        }
        session.send(frame, event);
    }

    /** The session that is the member. */
    public Session session() {
        return session;
    }

    MemberInterest interest() {
        return interest;
    }

    boolean isGone() {
        return isGone;
    }

    boolean isAway() {
        return isAway;
    }

    void isAway(boolean changed) {
        isAway = changed;
    }

    @Override
    public boolean isEntered() {
        return isEntered;
    }

    boolean isListed() {
        return isListed;
    }

    /** @param isFirst whether no other member of its peer has entered, so that this one is listed */
    void entered(boolean isFirst) {
        isEntered = true;
        if (isFirst) {
            isListed = true;
            room.members().countPeers(1);
        }
    }

    /** Takes the place in the roster of another member of the same peer, which leaves. */
    void listed() {
        isListed = true;
    }

    boolean isSamePeerAs(RoomMember other) {
        return isOf(other.session.peer().id());
    }

    boolean isOf(String peer) {
        return session.peer().id().equals(peer);
    }
}
