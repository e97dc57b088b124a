// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;

/** Lists of the pages that may use something. */
public final class OriginRules {

    private OriginRules() {}

    /** Whether a list allows everyone. */
    public static boolean areAny(List<String> list) {
        return list.isEmpty() || list.contains("*");
    }

    /**
     * Whether a list allows whoever says it comes from there. An empty list, or "*" in it, allows everyone; else
     * exactly one origin must be given, as a browser does, and stand in the list as it is.
     */
    public static boolean allow(List<String> list, List<String> given) {
        return areAny(list) || (given.size() == 1 && list.contains(given.getFirst()));
    }
}
