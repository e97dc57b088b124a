// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.minimal;

import dev.parley.simulation.SimulatedConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each client should read, and what it read. Checked: no phantom, no duplicate, no reordering, nothing lost for a
 * client that stayed, nothing across rooms.
 */
final class History implements SimulatedConnection.Reader {

    private final Map<Long, List<String>> due = new HashMap<>();
    private final Map<Long, List<String>> read = new HashMap<>();
    private final Set<Long> gone = new HashSet<>();

    /** The truth: this client must read this next. */
    void due(long client, String frame) {
        due.computeIfAbsent(client, it -> new ArrayList<>()).add(frame);
    }

    /** The run: this client read this. */
    @Override
    public void read(long client, String frame) {
        read.computeIfAbsent(client, it -> new ArrayList<>()).add(frame);
    }

    /** From now on, what is under way to this client may be lost with it. */
    void gone(long client) {
        gone.add(client);
    }

    /** Fails unless everyone read a beginning of what was due, and those who stayed all of it. */
    void check() {
        Set<Long> clients = new HashSet<>(due.keySet());
        clients.addAll(read.keySet());
        for (long client : clients) {
            List<String> expected = due.getOrDefault(client, List.of());
            List<String> actual = read.getOrDefault(client, List.of());
            int length = gone.contains(client) ? Math.min(actual.size(), expected.size()) : expected.size();
            if (!actual.equals(expected.subList(0, length))) {
                throw new AssertionError("client " + client + " read\n  " + String.join("\n  ", actual)
                        + "\ninstead of\n  " + String.join("\n  ", expected));
            }
        }
    }
}
