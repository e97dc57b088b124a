// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What several clients do at the same time. */
final class Together {

    private Together() {}

    /**
     * Does all of it at once, and returns when all is done. Fails as the first of them fails, and interrupts the
     * others, which ends the connection a virtual thread reads from.
     */
    static void run(List<Runnable> steps) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<?> running = new ExecutorCompletionService<>(threads);
            steps.forEach(step -> running.submit(step, null));
            try {
                for (int i = 0; i < steps.size(); i++) {
                    running.take().get();
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw new AssertionError(e.getCause());
            }
        }
    }
}
