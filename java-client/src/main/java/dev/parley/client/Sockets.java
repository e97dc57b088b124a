// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.util.List;

/** Opens sockets. */
@FunctionalInterface
public interface Sockets {

    /** Those of the JDK, of a client that all share. */
    static Sockets usual() {
        return new HttpSockets(Shared.HTTP, Shared.EXECUTOR);
    }

    /**
     * Begins to open one and returns at once; the hearer is told what comes of it, not before this returns.
     *
     * @param subprotocols to be offered, in this order; they hold secrets
     */
    Socket open(URI server, List<String> subprotocols, Socket.Hearer hearer);
}
