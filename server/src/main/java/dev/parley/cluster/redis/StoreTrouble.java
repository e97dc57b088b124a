// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures of the store, each once until another one, and when the store works again. A store without memory
 * refuses some calls and does others: it works again when nothing has failed for a while. Safe from any thread.
 */
final class StoreTrouble {

    private static final Logger log = LoggerFactory.getLogger(StoreTrouble.class);

    private static final long CALM_NANOS = 5_000_000_000L;

    private final String address;

    /** The last thing that was logged; empty while all is well. */
    private final AtomicReference<String> last = new AtomicReference<>("");

    /** On the clock of {@link System#nanoTime}. */
    private volatile long lastFailure;

    /** @param address of the store, without a password */
    StoreTrouble(String address) {
        this.address = address;
    }

    /** Whether it has worked. */
    private volatile boolean hasWorked;

    /** Logs a failure, unless it was logged before. */
    void report(Throwable failure) {
        lastFailure = System.nanoTime();
        String text = FailureText.of(failure);
        if (!last.getAndSet(text).equals(text)) {
            String meanwhile = hasWorked ? "clients stay, requests get unavailable" : "not ready before it works";
            log.warn("Redis at {} does not work: {}; {}", address, text, meanwhile);
        }
    }

    /** Logs that the store works again, if it did not before. */
    void over() {
        hasWorked = true;
        if (!last.get().isEmpty()
                && System.nanoTime() - lastFailure > CALM_NANOS
                && !last.getAndSet("").isEmpty()) {
            log.info("Redis at {} works again", address);
        }
    }
}
