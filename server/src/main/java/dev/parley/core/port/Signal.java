// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * An opaque payload on its way from one peer to others.
 *
 * @param kind how it was framed
 * @param payload borrowed for the call, see {@link Payload}
 */
public record Signal(Kind kind, Payload payload) {

    /** How a signal is framed: a receiver gets the kind the sender used. */
    public enum Kind {
        /** Valid UTF-8. */
        TEXT,
        /** Any bytes. */
        BINARY
    }
}
