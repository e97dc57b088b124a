// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the names that were used last, up to a number of them. Not safe for several threads. */
public final class RecentNames<V> {

    private final Map<String, V> names;

    /** @param most is how many names are known at the same time */
    public RecentNames(int most) {
        names = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Returns what is known of a name, which is used now; null if nothing is. */
    public @Nullable V get(String name) {
        return names.get(name);
    }

    /** Replaces what is known of a name, which is used now. */
    public void put(String name, V value) {
        names.put(name, value);
    }
}
