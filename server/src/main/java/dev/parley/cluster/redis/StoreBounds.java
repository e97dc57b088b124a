// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import java.util.Map;

/**
 * What apps may take in the store, in bytes. Of each, an app alone may have about half.
 *
 * @param inbox that wait for one node: some seconds of a busy one, as a node that reads nothing is swept then
 * @param sessions of all sessions, their rooms and patterns; 0 for any number
 */
record StoreBounds(int inbox, long sessions) {

    private static final int INBOX = 32 << 20;

    /**
     * Half of the memory that Redis may use is for sessions, or of the memory of its machine if it may use any. The
     * other half is for inboxes and for what names take besides their bytes.
     *
     * @param info what Redis says of its memory
     */
    static StoreBounds of(Map<String, String> info) {
        long most = Long.parseLong(info.getOrDefault("maxmemory", "0"));
        long machine = Long.parseLong(info.getOrDefault("total_system_memory", "0"));
        return new StoreBounds(INBOX, (most > 0 ? most : machine) / 2);
    }
}
