// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

/** The random id that a Redis process has from its start to its end. */
final class RunId {

    private static final String NAME = "run_id:";

    private RunId() {}

    /** Finds it in what {@code INFO server} says. */
    static String of(String info) {
        return info.lines()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("INFO server names no run_id"));
    }
}
