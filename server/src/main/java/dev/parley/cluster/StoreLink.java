// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import java.util.function.Consumer;

/** The way to the store, which does each call at one moment, and calls one after the other. */
public interface StoreLink {

    /**
     * Sends a call. It may be done late, or never, and its reply may get lost. Returns false, and sends nothing, while
     * there is no connection.
     *
     * @param reply is given the reply at most once, on any thread
     */
    boolean send(StoreCall call, Consumer<StoreReply> reply);
}
