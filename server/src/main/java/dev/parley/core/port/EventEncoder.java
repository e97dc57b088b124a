// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/** Puts events into the words of a dialect. Called on the loop of whoever caused the event. */
@FunctionalInterface
public interface EventEncoder {

    /**
     * The frame that tells of the event, one reference of it for the caller; null if the dialect has no word for it.
     */
    @Nullable
    Frame encode(SessionEvent event);
}
