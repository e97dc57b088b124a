// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.SettingException;
import dev.parley.core.access.FairShares;
import dev.parley.core.session.MemoryBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Derives from the memory there is what clients may take of it. */
final class MemoryPlan {

    private static final Logger log = LoggerFactory.getLogger(MemoryPlan.class);
    private static final long MEBIBYTE = 1 << 20;

    /** Half of the direct memory is for messages that wait, half of the heap for connections and subscriptions. */
    private static final int PARTS = 2;

    /**
     * A quarter is for messages and requests that are unfinished. The last quarter is for what is on its way between
     * loops, and for what sockets are about to send.
     */
    private static final int ARRIVAL_PARTS = 4;

    private MemoryPlan() {}

    /** Returns the part of the heap that connections and subscriptions may take. */
    static FairShares heap() {
        return new FairShares(Runtime.getRuntime().maxMemory() / PARTS);
    }

    /**
     * Returns the budget of input that is unfinished.
     *
     * @param directBytes memory outside the heap that the JVM allows
     */
    static FairShares arrivals(long directBytes) {
        return new FairShares(directBytes / ARRIVAL_PARTS);
    }

    /**
     * Returns the budget of messages that wait, and logs it.
     *
     * @param directBytes memory outside the heap that the JVM allows
     * @param wantedBytes the configured limit; 0 for as much as there is
     * @throws SettingException if more is configured than there is
     */
    static MemoryBudget budget(long directBytes, long wantedBytes) throws SettingException {
        long most = directBytes / PARTS;
        if (wantedBytes > most) {
            throw new SettingException(
                    "continuity.totalBytes is " + wantedBytes + ", more than half of the direct memory of the"
                            + " JVM, which is " + directBytes + ": lower it, or raise -XX:MaxDirectMemorySize or -Xmx"
                            + " (JAVA_TOOL_OPTIONS)");
        }
        MemoryBudget budget = new MemoryBudget(wantedBytes > 0 ? wantedBytes : most);
        log.info(
                "memory: {} MiB heap, of which {} MiB for connections and subscriptions; {} MiB direct, of which"
                        + " {} MiB for messages that wait, and {} MiB for what arrives unfinished",
                Runtime.getRuntime().maxMemory() / MEBIBYTE,
                heap().limit() / MEBIBYTE,
                directBytes / MEBIBYTE,
                budget.limit() / MEBIBYTE,
                directBytes / ARRIVAL_PARTS / MEBIBYTE);
        return budget;
    }
}
