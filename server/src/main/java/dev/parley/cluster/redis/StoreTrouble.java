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

    /** Logs a failure, unless it was logged before. */
    void report(Throwable failure) {
        lastFailure = System.nanoTime();
        String words = words(failure);
        if (!last.getAndSet(words).equals(words)) {
            log.warn("the store at {} does not work: {}; clients stay, requests get unavailable", address, words);
        }
    }

    /** Logs that the store works again, if it did not before. */
    void over() {
        if (!last.get().isEmpty()
                && System.nanoTime() - lastFailure > CALM_NANOS
                && !last.getAndSet("").isEmpty()) {
            log.info("the store at {} works again", address);
        }
    }

    /** Returns what went wrong in one line. */
    static String words(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
