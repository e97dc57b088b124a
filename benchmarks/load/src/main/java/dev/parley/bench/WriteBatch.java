// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** What clients wrote in one turn of the loop goes out at its end, so that a burst arrives as a burst. */
final class WriteBatch {

    private final Executor loop;
    private final List<BenchClient> dirty = new ArrayList<>();

    WriteBatch(Executor loop) {
        this.loop = loop;
    }

    void add(BenchClient client) {
        if (dirty.isEmpty()) {
            loop.execute(this::flush);
        }
        dirty.add(client);
    }

    private void flush() {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
    }
}
