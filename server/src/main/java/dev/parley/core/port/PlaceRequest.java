// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * Asks for one of so many places, of which clients at one address may take as many as are free.
 *
 * @param address what clients at one address have in common, the same on all nodes
 * @param limit how many places there are, with this one
 */
public record PlaceRequest(String address, int limit) {

    /** Instead of a limit: there are any number of places. */
    public static final int ANY = Integer.MAX_VALUE;
}
