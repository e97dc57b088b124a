// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.SettingException;
import dev.parley.core.access.FairShares;
import dev.parley.core.session.MemoryBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Derives what clients may take from the memory there is. */
final class Memory {

    private static final Logger log = LoggerFactory.getLogger(Memory.class);
    private static final long MEBIBYTE = 1 << 20;

    /**
     * Of direct memory, the other half is for what arrives, for what is on its way between loops, and for what sockets are
     * about to send; of the heap, for everything else.
     */
    private static final int PARTS = 2;

    private Memory() {}

    /** Returns the part of the heap that connections and subscriptions may take. */
    static FairShares heap() {
        return new FairShares(Runtime.getRuntime().maxMemory() / PARTS);
    }

    /**
     * Returns the budget, and logs it.
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
                "memory: {} MiB heap, of which {} MiB for connections and subscriptions; {} MiB direct, of which {} MiB for"
                        + " messages that wait",
                Runtime.getRuntime().maxMemory() / MEBIBYTE,
                heap().limit() / MEBIBYTE,
                directBytes / MEBIBYTE,
                budget.limit() / MEBIBYTE);
        return budget;
    }
}
