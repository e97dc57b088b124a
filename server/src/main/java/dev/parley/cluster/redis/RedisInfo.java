// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import java.util.HashMap;
import java.util.Map;

/** What Redis says of itself in reply to {@code INFO}. */
final class RedisInfo {

    private RedisInfo() {}

    /** Returns the values by their names. */
    static Map<String, String> of(String text) {
        Map<String, String> info = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return info;
    }

    /** Returns the random id that the process has from its start to its end. */
    static String run(Map<String, String> info) {
        String run = info.get("run_id");
        if (run == null) {
            throw new IllegalStateException("INFO names no run_id");
        }
        return run;
    }
}
