// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import java.util.HashMap;
import java.util.Map;

/**
 * How many patterns each client holds. While fewer than half of the patterns that may exist are used, a client may hold
 * any number, above half only its equal share; a part is left for a client that holds nothing yet. The last eighth is
 * for groups, which are addresses, that hold less than their equal share, since one address can be any number of
 * clients. For one thread at a time.
 */
final class PatternShares {

    /** Patterns by peer, by group, of those that hold one. */
    private final Map<Object, Map<String, Integer>> held = new HashMap<>();

    private int clients;
    private int total;

    /** Takes one pattern of {@code limit} for a client; false if it holds its share. */
    boolean take(PatternOwner owner, int limit) {
        if (!mayTake(owner, limit)) {
            return false;
        }
        add(owner);
        return true;
    }

    private boolean mayTake(PatternOwner owner, int limit) {
        if (total >= limit) {
            return false;
        }
        if (total < limit / 2) {
            return true;
        }
        Map<String, Integer> group = held.getOrDefault(owner.group(), Map.of());
        return group.getOrDefault(owner.peer(), 0) < share(limit, clients)
                && (total < limit - limit / 8 || patterns(group) < share(limit, held.size()));
    }

    private static int patterns(Map<String, Integer> group) {
        return group.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the equal share of each of these holders and one more; at least one. */
    private static int share(int all, int holders) {
        return Math.max(all / (holders + 1), 1);
    }

    /** Gives one pattern back. */
    void give(PatternOwner owner) {
        total--;
        Map<String, Integer> group = held.getOrDefault(owner.group(), Map.of());
        if (group.getOrDefault(owner.peer(), 0) > 1) {
            group.merge(owner.peer(), -1, Integer::sum);
            return;
        }
        clients--;
        group.remove(owner.peer());
        if (group.isEmpty()) {
            held.remove(owner.group());
        }
    }

    /** One pattern of a client becomes that of another, whatever its share. */
    void transfer(PatternOwner from, PatternOwner to) {
        give(from);
        add(to);
    }

    private void add(PatternOwner owner) {
        total++;
        Map<String, Integer> group = held.computeIfAbsent(owner.group(), it -> new HashMap<>());
        if (group.merge(owner.peer(), 1, Integer::sum) == 1) {
            clients++;
        }
    }
}
