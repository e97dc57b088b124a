// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * Asks for a part of a list, in the order of the names' UTF-16 units.
 *
 * @param scope for {@link Kind#ROOMS}, what the names begin with; for {@link Kind#ROSTER}, the room
 * @param after the name behind which the part begins
 * @param most how many names it has at most
 */
public record ListQuery(Kind kind, String scope, String after, int most) {

    /** What is listed. */
    public enum Kind {
        /** The rooms somebody is in. */
        ROOMS,
        /** The peers that are connected, with their rooms. */
        PEERS,
        /** The peers in the roster of a room. */
        ROSTER
    }
}
