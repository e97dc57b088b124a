// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** Counts things of one kind. Safe from any thread, and cheap enough for every message. */
@FunctionalInterface
public interface EventCounter {

    /** Counts for nobody. */
    EventCounter NONE = count -> {};

    /** Adds to the count. */
    void add(long count);
}
