// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

/** Presence of one room that waits until the receiver's socket takes more. On the receiver's loop. */
public interface DelayedPresence {

    /** Sends it, and returns how many bytes that were. Called once. */
    int send();
}
