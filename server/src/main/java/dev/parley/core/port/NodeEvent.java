// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** What was decided and concerns this node: sessions of it, or rooms that sessions of it are in. */
public sealed interface NodeEvent {

    /** Returns the app of the event. */
    String app();

    /** A session of another node is in the roster of a room, or is away or back. */
    record Entered(String app, String room, RosterEntry entry) implements NodeEvent {}

    /** A session of another node has left the roster of a room. */
    record Left(String app, String room, SessionId session) implements NodeEvent {}

    /** A signal was published in a room that somebody here hears. */
    record Published(String app, String room, SignalHead head, Signal signal) implements NodeEvent {}

    /** A signal was sent to a peer that has a session here. */
    record Sent(String app, String to, SignalHead head, Signal signal) implements NodeEvent {}

    /** A session of a peer arrived on another node, and the peer has sessions here, which may be dead. */
    record Arrived(String app, String peer, SessionId newcomer) implements NodeEvent {}

    /** Another node has probed the sessions of the peer of a session here. */
    record ProbeAnswered(String app, SessionId newcomer, boolean isOneAlive) implements NodeEvent {}

    /** The connections of a peer that has a session here are closed. */
    record Closed(String app, String peer, CloseCode code) implements NodeEvent {}

    /**
     * A node, which may be this one, asks for a part of the lists here.
     *
     * @param node names it for the {@link Command.Answer}
     */
    record Asked(String app, String node, long number, ListQuery query) implements NodeEvent {}

    /** A node has answered a question of this one. */
    record Answered(String app, long number, ListPart part) implements NodeEvent {}

    /** A signal of a session here may not have arrived. */
    record Reported(String app, SessionId sender, SessionEvent.Undelivered event) implements NodeEvent {}
}
