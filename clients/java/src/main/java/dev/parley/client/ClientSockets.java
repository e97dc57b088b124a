// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.util.List;

/** Opens sockets. */
@FunctionalInterface
public interface ClientSockets {

    /** Returns sockets of one JDK client that all share. */
    static ClientSockets usual() {
        return new HttpSockets(SharedResources.HTTP, SharedResources.EXECUTOR);
    }

    /**
     * Begins to open one and returns at once; the outcome is reported to the hearer after this returns.
     *
     * @param subprotocols to be offered, in this order; they hold secrets
     */
    ClientSocket open(URI server, List<String> subprotocols, ClientSocket.Hearer hearer);
}
