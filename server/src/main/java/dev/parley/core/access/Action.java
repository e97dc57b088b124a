// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/** What a credential may allow. */
public enum Action {
    /** Hearing a channel and being seen in it. */
    SUBSCRIBE,
    /** Saying something to everyone in a channel. */
    PUBLISH,
    /** Seeing who is in a channel. */
    PRESENCE,
    /** Saying something to one peer. */
    SEND
}
