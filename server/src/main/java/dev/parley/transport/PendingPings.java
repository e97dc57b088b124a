// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.LoopTimer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is asked by pings, and who waits for its answers. Pings are numbered in their payload, which a pong
 * repeats; a pong answers all pings up to its own (RFC 6455 section 5.5.3). Each waits no longer than its patience. For
 * the connection's loop.
 */
final class PendingPings {

    private static final Logger log = LoggerFactory.getLogger(PendingPings.class);

    private final List<Question> open = new ArrayList<>(1);

    /**
     * A ping that waits for its answer.
     *
     * @param ping the number of its ping
     */
    private record Question(int ping, LoopTimer patience, Runnable answered) {

        /** A failure of one must not keep the others waiting. */
        void answer() {
            patience.cancel();
            try {
                answered.run();
            } catch (RuntimeException | Error e) { // an allocator without memory throws an error
                log.error("what waited for a client's answer failed", e);
            }
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void add(int ping, LoopTimer patience, Runnable answered) {
        open.add(new Question(ping, patience, answered));
    }

    /** Patience for this ping has ended; others may have more. */
    void givenUp(int ping) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).ping() == ping) {
                open.remove(i).answer();
                return;
            }
        }
    }

    /** Handles the answer to this ping. */
    void answered(int ping) {
        int count = 0;
        while (count < open.size() && open.get(count).ping() <= ping) {
            count++;
        }
        close(count);
    }

    /** Ends all pings: no answer will arrive. */
    void end() {
        close(open.size());
    }

    private void close(int count) {
        List<Question> closed = List.copyOf(open.subList(0, count));
        open.subList(0, count).clear(); // first: what follows may ask again
        closed.forEach(Question::answer);
    }
}
