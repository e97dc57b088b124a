// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.SettingException;
import dev.parley.core.access.FairShares;
import dev.parley.core.session.MemoryBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Derives from the memory there is what messages that wait, and input that is unfinished, may take of it. */
final class Memory {

    private static final Logger log = LoggerFactory.getLogger(Memory.class);
    private static final long MEBIBYTE = 1 << 20;

    /** Half is for messages that wait. */
    private static final int PARTS = 2;

    /**
     * A quarter is for messages and requests that are unfinished. The last quarter is for what is on its way between loops, and
     * for what sockets are about to send.
     */
    private static final int ARRIVAL_PARTS = 4;

    private Memory() {}

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
                "memory: {} MiB heap, {} MiB direct, of which {} MiB for messages that wait and {} MiB for input that is"
                        + " unfinished",
                Runtime.getRuntime().maxMemory() / MEBIBYTE,
                directBytes / MEBIBYTE,
                budget.limit() / MEBIBYTE,
                directBytes / ARRIVAL_PARTS / MEBIBYTE);
        return budget;
    }
}
