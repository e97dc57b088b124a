// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.net.InetAddress;
import java.util.function.Supplier;

/** Is told what operators want to know. Safe from any thread; must not block. */
@FunctionalInterface
public interface Observer {

    /** Tells nobody. */
    Observer NONE = (client, code, reason, about) -> {};

    /**
     * Somebody was turned away.
     *
     * @param client where they come from
     * @param code the HTTP status or the close code they were given, 0 for neither
     * @param reason why, in words none of which are theirs
     * @param about what they asked for, as fields of a log line: harmless there, without a credential; may never be
     *     asked for
     */
    void refused(InetAddress client, int code, String reason, Supplier<String> about);
}
