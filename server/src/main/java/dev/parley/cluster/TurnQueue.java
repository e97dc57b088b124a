// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Requester;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items that wait for their turn. Apps take turns; in an app client addresses do, and at an address peers. Each turn is
 * worth {@link #TURN_BYTES}, and an item that is larger waits for as many turns (deficit round robin, Shreedhar and
 * Varghese 1995). The items of one peer stay in their order. Not safe from several threads.
 */
final class TurnQueue<T> {

    /** What one turn is worth. No item costs less. */
    static final int TURN_BYTES = 4 << 10;

    private final Branch<T> apps = new Branch<>();

    private record Item<T>(T value, int bytes) {}

    /** One that takes turns with others: it has items, or branches that take turns in it. */
    private static final class Branch<T> {

        /** Whose turn comes next is first. Empty if it has items. */
        private final SequencedMap<String, Branch<T>> branches = new LinkedHashMap<>(2);

        private final Deque<Item<T>> items = new ArrayDeque<>(1);

        /** What its turns were worth and it has not used. A new one begins with one turn. */
        private int credit = TURN_BYTES;

        Branch<T> branch(String name) {
            return branches.computeIfAbsent(name, it -> new Branch<>());
        }

        boolean isEmpty() {
            return branches.isEmpty() && items.isEmpty();
        }

        /** Returns the next item: turns pass until one can pay for its own. */
        Item<T> next() {
            if (branches.isEmpty()) {
                return items.getFirst();
            }
            while (true) {
                Map.Entry<String, Branch<T>> first = branches.firstEntry();
                Branch<T> branch = first.getValue();
                Item<T> item = branch.next();
                if (branch.credit >= item.bytes() || branches.size() == 1) {
                    return item;
                }
                branch.credit += TURN_BYTES;
                branches.putLast(first.getKey(), branch);
            }
        }

        /** Removes the item that {@link #next} returned, and returns what it cost. */
        int remove() {
            if (branches.isEmpty()) {
                return items.removeFirst().bytes();
            }
            Map.Entry<String, Branch<T>> first = branches.firstEntry();
            Branch<T> branch = first.getValue();
            int bytes = branch.remove();
            branch.credit = Math.max(branch.credit - bytes, 0); // less than nothing if it was alone
            if (branch.isEmpty()) {
                branches.remove(first.getKey());
            }
            return bytes;
        }

        void removeIf(Predicate<T> isMeant, List<T> removed) {
            items.removeIf(item -> isMeant.test(item.value()) && removed.add(item.value()));
            branches.values().forEach(branch -> branch.removeIf(isMeant, removed));
            branches.values().removeIf(Branch::isEmpty);
        }
    }

    /** @param bytes what the item costs */
    void add(String app, Requester requester, T item, int bytes) {
        apps.branch(app)
                .branch(requester.address())
                .branch(requester.peer())
                .items
                .add(new Item<>(item, Math.max(bytes, TURN_BYTES)));
    }

    /** Returns the next item, which {@link #poll} removes; null if the queue is empty. */
    @Nullable
    T peek() {
        return isEmpty() ? null : apps.next().value();
    }

    /** Removes the item that {@link #peek} returned. */
    void poll() {
        apps.remove();
    }

    boolean isEmpty() {
        return apps.isEmpty();
    }

    /** Removes the items that are meant, and returns them. */
    List<T> removeIf(Predicate<T> isMeant) {
        List<T> removed = new ArrayList<>();
        apps.removeIf(isMeant, removed);
        return removed;
    }
}
