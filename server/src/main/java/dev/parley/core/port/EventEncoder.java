// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/** Puts events into the words of a dialect. Called on the loop of whoever caused the event. */
@FunctionalInterface
public interface EventEncoder {

    /**
     * Returns the frame of the event, with one reference for the caller; null if the dialect has no message for it.
     */
    @Nullable
    Frame encode(SessionEvent event);
}
