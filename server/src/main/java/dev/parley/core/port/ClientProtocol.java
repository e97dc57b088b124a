// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/** The protocol a client speaks, as far as its session has to know it. Safe from any thread. */
@FunctionalInterface
public interface ClientProtocol {

    /**
     * Returns the frame of the event, with one reference for the caller; null if the protocol has no message for it.
     */
    @Nullable
    Frame encode(SessionEvent event);

    /** Whether offers of peers wait until the client has sent its own. See docs/decisions/0010. */
    default boolean delaysOffers() {
        return false;
    }
}
