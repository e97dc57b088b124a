// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * The origin of a {@link Command}. Requesters take turns, see {@link Coordinator}.
 *
 * @param address what clients at one address have in common, the same on all nodes; empty for back ends
 * @param peer the id of the peer; empty for back ends
 */
public record Requester(String address, String peer) {

    /** The requester of what back ends ask for. */
    public static final Requester BACK_END = new Requester("", "");
}
