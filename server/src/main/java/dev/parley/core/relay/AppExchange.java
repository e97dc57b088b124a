// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.PublishedNames;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.Session;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The actions of clients and back ends of one app: entering and leaving rooms, publishing, sending, closing peers.
 * They are decided in one place: by this node at once, or for the sessions of several nodes later.
 *
 * <ul>
 *   <li>Order: what one session asks for is decided in the order of the calls. Each session receives what was decided
 *       in one order, the same everywhere.
 *   <li>Answers: an answer is given once, before the method returns or later, on the loop of the session that asked; to
 *       a back end on any thread. It comes behind everything that was decided before it.
 *   <li>Members: a member receives all that is published behind its entry, which follows the answer. From {@link
 *       #leave} on it receives nothing.
 * </ul>
 *
 * <p>Called on the loop of the session that asks; for back ends, on any thread.
 */
public interface AppExchange {

    /** Instead of a number of receivers: it follows later. */
    int LATER = Integer.MIN_VALUE;

    /** Instead of a number of receivers: nobody could decide it in time, and it may or may not have happened. */
    int UNAVAILABLE = LATER + 1;

    /**
     * Instead of a number of receivers: the signal was refused. To back ends as all sessions of the peer are busy; to
     * sessions as it would have to wait, and there is no memory for it.
     */
    int BUSY = LATER + 2;

    /**
     * Adds a session to the peers of the app, and probes those that its peer already has.
     *
     * @param answer is notified before the method returns, or later
     */
    EarlierSessions arrive(Session session, ArrivalAnswer answer);

    /** Removes a session from the peers of the app. */
    void depart(Session session);

    /**
     * Lets a session into a room and its roster, unless the room is full.
     *
     * @param capacity how many peers the room may have with the session, and from then on until it is empty
     */
    void join(String room, Session session, MemberInterest interest, int capacity, Consumer<EntryResult> answer);

    /** Lets a session hear a room, unless it is full; {@link #enter} lets it into the roster. */
    void listen(String room, Session session, MemberInterest interest, Consumer<EntryResult> answer);

    /**
     * Lets a session hear every room whose name matches; it is in no roster, and its own is empty. The answer is {@link
     * EntryResult.Full} if there are as many patterns as there may be, or the client holds its share of them.
     */
    void listen(ChannelPattern pattern, Session session, MemberInterest interest, Consumer<EntryResult> answer);

    /**
     * Lets a member into the roster: it gets the roster, and the others the announcement; in a crowded room that is
     * changing, a moment later and together with others. Later calls only send it the roster again.
     *
     * @param told is given about how many peers the roster has, and how many members get the announcement
     */
    void enter(RoomMember member, IntConsumer told);

    /**
     * Removes a member from its room.
     *
     * @param remaining is given how many members remain
     */
    void leave(RoomMember member, IntConsumer remaining);

    /** A member's client lost its socket and is waited for, or is back. */
    void setAway(RoomMember member, boolean isAway);

    /** Whether comparisons of names with patterns cost anything now. */
    boolean hasPatterns();

    /**
     * Sends a signal to all in a room but its sender, which need not be there. Returns how many sessions that are;
     * {@link #LATER} if the answers are notified of it.
     *
     * @param request the id the sender gave its request, null if none
     * @param sequence the number the sender gave its request, 0 if none
     * @param published remembers the matches of the name, and counts the steps of comparisons; null if {@link
     *     #hasPatterns} said no
     */
    int publish(
            String room,
            Session from,
            Signal signal,
            @Nullable String request,
            long sequence,
            @Nullable PublishedNames published,
            SignalAnswers answers);

    /**
     * Sends a signal to every session of a peer, the sender's own too. Returns how many there are; the negative number
     * if one of them is busy, of which the answers are notified; {@link #LATER} if the answers are notified of all.
     *
     * @param request the id the sender gave its request, null if none
     * @param sequence the number the sender gave its request, 0 if none
     */
    int send(Session from, String to, Signal signal, @Nullable String request, long sequence, SignalAnswers answers);

    /**
     * Sends a signal of a back end to all in a room.
     *
     * @param published counts the steps of comparisons
     * @param receivers is given how many sessions that are, or {@link #UNAVAILABLE}
     */
    void publish(String room, PeerIdentity from, Signal signal, PublishedNames published, IntConsumer receivers);

    /**
     * Sends a signal of a back end to every session of a peer.
     *
     * @param receivers is given how many sessions that are, {@link #BUSY} if they take no more, or {@link #UNAVAILABLE}
     */
    void send(PeerIdentity from, String to, Signal signal, IntConsumer receivers);

    /**
     * Closes every connection of a peer.
     *
     * @param closed is given how many there were, or {@link #UNAVAILABLE}
     */
    void close(String peer, CloseCode code, IntConsumer closed);

    /**
     * Reads a part of a list of the app, if that is on several nodes. Returns false, and does nothing, if this node has
     * all of it.
     *
     * @param answer is given the part, on the coordinator's loop; null if a node did not answer in time
     */
    boolean gather(ListQuery query, Consumer<@Nullable ListPart> answer);
}
