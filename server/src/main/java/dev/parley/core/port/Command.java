// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * A request of a node to its {@link Coordinator}. Commands that change the members of a room are {@linkplain #isKept
 * kept} until they are decided: a node's view of the room depends on each of them.
 */
public sealed interface Command {

    /** Returns the app of the command. */
    String app();

    /** Whether it waits for its decision however long that takes. */
    default boolean isKept() {
        return true;
    }

    /**
     * A session is one of a peer of the app. The nodes on which the peer has sessions already probe them.
     *
     * @param place among the sessions of the app
     */
    record Arrive(String app, SessionId session, PeerIdentity peer, PlaceRequest place) implements Command {}

    /** A session is over. */
    record Depart(String app, SessionId session) implements Command {}

    /**
     * A session is to hear a room.
     *
     * @param peer what it shows of itself, unless its peer shows something else already
     * @param entry whether it enters the roster as well
     * @param place among the peers of the room
     */
    record Join(String app, String room, SessionId session, PeerIdentity peer, Entry entry, PlaceRequest place)
            implements Command {

        /** How a session is in a room. */
        public enum Entry {
            /** It hears the room. */
            LISTENS,
            /** It is in the roster as well. */
            ENTERS,
            /** It hears all rooms whose names match, and is in no roster. */
            PATTERN
        }
    }

    /**
     * A session was in a room before the state was lost, and is to be there again, whatever its capacity.
     *
     * @param address see {@link PlaceRequest}
     * @param isAway whether its client lost its socket and is waited for
     */
    record Rejoin(
            String app,
            String room,
            SessionId session,
            PeerIdentity peer,
            Join.Entry entry,
            String address,
            boolean isAway)
            implements Command {}

    /** A session that hears a room enters its roster. */
    record Enter(String app, String room, SessionId session) implements Command {}

    /** A session leaves a room. */
    record Leave(String app, String room, SessionId session) implements Command {}

    /** The client of a session lost its socket and is waited for, or is back. */
    record SetAway(String app, String room, SessionId session, boolean isAway) implements Command {}

    /**
     * Comparisons of names with the patterns of sessions here cost this much from now on.
     *
     * @param fixed the steps for any name
     * @param perCharacter the steps for each character of a name, in addition
     */
    record SetPatternCost(String app, long fixed, long perCharacter) implements Command {}

    /** A signal for all in a room but its sender. */
    record Publish(String app, String room, SignalHead head, Signal signal) implements Command {

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /** A signal for all sessions of a peer. */
    record Send(String app, String to, SignalHead head, Signal signal) implements Command {

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /** Every connection of a peer is to be closed. */
    record Close(String app, String peer, CloseCode code) implements Command {

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /** The sessions of a peer here were probed for a newcomer on another node. */
    record AnswerProbe(String app, SessionId newcomer, boolean isOneAlive) implements Command {}

    /**
     * Every node is to read a part of its lists, and to answer the one that asks.
     *
     * @param number of the question, for the node that asks
     */
    record Ask(String app, long number, ListQuery query) implements Command {

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /**
     * A node answers a question.
     *
     * @param node what names the node that asked, see {@link NodeEvent.Asked}
     */
    record Answer(String app, String node, long number, ListPart part) implements Command {

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /** The sender of a signal is to be notified that it may not have arrived. */
    record Report(String app, SessionId sender, SessionEvent.Undelivered event) implements Command {}
}
