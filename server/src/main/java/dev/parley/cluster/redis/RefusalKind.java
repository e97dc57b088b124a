// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import io.lettuce.core.RedisCommandExecutionException;

/** What follows from an error that Redis replies, by its first word. */
enum RefusalKind {
    /** It has no memory for more. */
    FULL,
    /** Another process is the primary now: connect again. */
    ELSEWHERE,
    /** It does not know the script any more. */
    UNLOADED,
    /** It may work later: it is loading or busy, or may not be used. */
    PASSING,
    /** The keys hold something else than they should: begin another incarnation. */
    BROKEN;

    static RefusalKind of(RedisCommandExecutionException error) {
        String message = String.valueOf(error.getMessage());
        if (message.contains("can't run this command")) {
            return PASSING; // the user of the store lacks a command that a script needs
        }
        return switch (message.split(" ", 2)[0]) {
            case "OOM" -> FULL;
            case "READONLY", "MASTERDOWN", "UNBLOCKED" -> ELSEWHERE;
            case "NOSCRIPT" -> UNLOADED;
            case "LOADING", "BUSY", "NOAUTH", "WRONGPASS", "NOPERM", "MISCONF", "NOREPLICAS", "TRYAGAIN" -> PASSING;
            default -> BROKEN;
        };
    }
}
