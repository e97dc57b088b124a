// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What several clients do at the same time. */
final class Together {

    private Together() {}

    /** Does all of it at once, and returns when all is done; fails as the first of them fails. */
    static void run(List<Runnable> steps) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> running =
                    steps.stream().map(threads::submit).toList();
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
