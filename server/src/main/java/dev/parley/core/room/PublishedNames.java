// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import org.jspecify.annotations.Nullable;

/**
 * The names of rooms without members to which one sender published last, with the patterns that match them; and the
 * steps of comparisons that the sender has not paid for. On the sender's loop.
 */
public final class PublishedNames implements NameMemory {

    /** Enough for a sender that publishes to a few names in turn. */
    private static final int MOST = 4;

    /** The one that was used last comes first. */
    private final @Nullable Entry[] entries = new Entry[MOST];

    private long steps;

    private record Entry(String name, PatternMatches matches) {}

    /** Returns the steps of comparisons since the last call. */
    public long takeSteps() {
        long taken = steps;
        steps = 0;
        return taken;
    }

    /** Adds steps that the sender has to pay for. */
    @Override
    public void addSteps(long more) {
        steps += more;
    }

    @Override
    public void addLaterSteps(long more) {
        // a subscriber that leaves the newer patterns pays
    }

    @Override
    public @Nullable PatternMatches matches(String name) {
        for (int i = 0; i < MOST; i++) {
            Entry entry = entries[i];
            if (entry != null && entry.name().equals(name)) {
                moveToFront(i, entry);
                return entry.matches();
            }
        }
        return null;
    }

    /** Remembers a name in place of itself, or of the one that was used the longest time ago. */
    @Override
    public void remember(String name, PatternMatches matches, long cost) {
        Entry first = entries[0];
        boolean isFirst = first != null && first.name().equals(name);
        moveToFront(isFirst ? 0 : MOST - 1, new Entry(name, matches));
    }

    private void moveToFront(int from, Entry entry) {
        System.arraycopy(entries, 0, entries, 1, from);
        entries[0] = entry;
    }
}
