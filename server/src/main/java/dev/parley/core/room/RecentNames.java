// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of names, up to a number of them. A further name takes the place of one that was used long ago or is
 * cheap to compare again: each name has a rank, which is its cost above the highest rank of those that had to go
 * (GreedyDual, Young 1994). So names that are cheap replace one that is expensive and in use only if all of them
 * together cost as much. Not safe for several threads.
 */
public final class RecentNames<V> {

    private final int most;
    private final Map<String, Entry<V>> names = new HashMap<>();
    private final TreeSet<Entry<V>> ranks =
            new TreeSet<>(Comparator.<Entry<V>>comparingLong(Entry::rank).thenComparingLong(Entry::use));

    /** The highest rank of a name that had to go. */
    private long floor;

    private long uses;

    private record Entry<V>(String name, V value, long cost, long rank, long use) {}

    /** @param most is how many names are known at the same time */
    public RecentNames(int most) {
        this.most = most;
    }

    /** Returns what is known of a name, which is used now; null if nothing is. */
    public @Nullable V get(String name) {
        Entry<V> known = names.get(name);
        if (known == null) {
            return null;
        }
        put(name, known.value(), known.cost());
        return known.value();
    }

    /**
     * Replaces what is known of a name, which is used now.
     *
     * @param cost of comparing it again, in steps
     */
    public void put(String name, V value, long cost) {
        Entry<V> entry = new Entry<>(name, value, cost, floor + cost, uses++);
        Entry<V> before = names.put(name, entry);
        if (before != null) {
            ranks.remove(before);
        }
        ranks.add(entry);
        if (names.size() > most) {
            Entry<V> gone = ranks.removeFirst();
            names.remove(gone.name());
            floor = gone.rank();
        }
    }
}
