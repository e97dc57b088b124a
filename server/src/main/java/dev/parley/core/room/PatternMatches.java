// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/**
 * The patterns that match one name, as their places in a {@link PatternSet}. A place may be empty by now, or a newer
 * pattern may have taken it. Immutable.
 */
final class PatternMatches {

    private final long version;
    private final int[] places;

    /**
     * The places that match.
     *
     * @param version of the set that the name was compared with
     * @param places in ascending order; not to be changed
     */
    PatternMatches(long version, int[] places) {
        this.version = version;
        this.places = places;
    }

    /** Returns the version of the set that the name was compared with. */
    long version() {
        return version;
    }

    /** Returns the places that match, in ascending order. The array is not to be changed. */
    int[] places() {
        return places;
    }
}
