// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Timer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is asked by pings, and who waits for its answers. Pings are numbered in their payload, which a pong
 * repeats; a pong answers all pings up to its own (RFC 6455 section 5.5.3). For the connection's loop.
 */
final class Questions {

    private final List<Question> open = new ArrayList<>(1);

    /**
     * One of them.
     *
     * @param ping the number of its ping
     * @param patience ends the connection unless cancelled, if there is one
     */
    private record Question(int ping, @Nullable Timer patience, Runnable answered) {

        void answer() {
            if (patience != null) {
                patience.cancel();
            }
            answered.run();
        }
    }

    void add(int ping, @Nullable Timer patience, Runnable answered) {
        open.add(new Question(ping, patience, answered));
    }

    /** The client answered this ping. */
    void answered(int ping) {
        int count = 0;
        while (count < open.size() && open.get(count).ping() <= ping) {
            count++;
        }
        close(count);
    }

    /** No answer will come any more. */
    void end() {
        close(open.size());
    }

    private void close(int count) {
        List<Question> closed = List.copyOf(open.subList(0, count));
        open.subList(0, count).clear(); // first: what follows may ask again
        closed.forEach(Question::answer);
    }
}
