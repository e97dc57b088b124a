// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is wrong with the store, each thing once, and when all is well again. Safe from any thread. */
final class StoreTrouble {

    private static final Logger log = LoggerFactory.getLogger(StoreTrouble.class);

    private final String address;

    /** The last thing that was logged; empty while all is well. */
    private final AtomicReference<String> last = new AtomicReference<>("");

    /** @param address of the store, without a password */
    StoreTrouble(String address) {
        this.address = address;
    }

    /** Something failed. */
    void report(Throwable failure) {
        String words = words(failure);
        if (!last.getAndSet(words).equals(words)) {
            log.warn("the store at {} does not work: {}", address, words);
        }
    }

    /** Something worked. */
    void over() {
        if (!last.get().isEmpty() && !last.getAndSet("").isEmpty()) {
            log.info("the store at {} works again", address);
        }
    }

    /** What went wrong, in a line. */
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
