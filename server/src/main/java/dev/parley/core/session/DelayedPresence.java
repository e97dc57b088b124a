// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.SessionEvent;

/** Presence of one room that waits until the receiver's socket takes more. On the receiver's loop. */
public interface DelayedPresence {

    /**
     * Adds the next changes, and returns about how many bytes of the heap it takes more than before, or less if
     * negative.
     */
    int add(SessionEvent.Changed changed);

    /** Sends it, and returns how many bytes that were. Called once. */
    int send();
}
