// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** Counts things of one kind. Safe from any thread, and cheap enough for every message. */
@FunctionalInterface
public interface Tally {

    /** Counts for nobody. */
    Tally NONE = count -> {};

    /** So many more. */
    void add(long count);
}
