// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a {@link Command}. */
public sealed interface Outcome {

    /** The command was executed. */
    record Done() implements Outcome {}

    /**
     * The session can be reached.
     *
     * @param nodes other nodes on which its peer has sessions: each answers whether one of them is alive
     */
    record Arrived(int nodes) implements Outcome {}

    /**
     * The session hears the room.
     *
     * @param others sessions that were in the room before it
     * @param roster the entries of other nodes; null if the node already hears the room, and has them
     */
    record Joined(int others, @Nullable List<RosterEntry> roster) implements Outcome {}

    /**
     * The room, or the app, has no place, or clients at the address hold their share of the places.
     *
     * @param capacity how many places there are
     */
    record Full(int capacity) implements Outcome {}

    /** The signal goes to this many sessions, or this many are closed; or this many nodes are asked. */
    record Reached(int sessions) implements Outcome {}

    /**
     * The signal goes to this many sessions, and to nodes that compare the name of the room with patterns.
     *
     * @param fixed the steps of the comparisons of all nodes for any name
     * @param perCharacter the steps for each character of the name, in addition
     */
    record Published(int sessions, long fixed, long perCharacter) implements Outcome {}

    /** The app holds its share of what the store has for all apps; nothing is done. */
    record OverShare() implements Outcome {}

    /** A command about a session that is not where it says it is; nothing is done. */
    record Unknown() implements Outcome {}

    /**
     * It was not decided in time, or its decision was lost with the state.
     *
     * @param mayBeDone whether it may have been decided nevertheless
     */
    record Unavailable(boolean mayBeDone) implements Outcome {}
}
