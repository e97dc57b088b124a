// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * An opaque payload on its way from one peer to others.
 *
 * @param kind how it was framed
 * @param payload borrowed for the call, see {@link Payload}
 */
public record Signal(Kind kind, Payload payload) {

    /** What a signal is known to be. */
    public enum Kind {
        /** One JSON value, valid UTF-8. */
        JSON,
        /** Any text, valid UTF-8. */
        TEXT,
        /** Any bytes. */
        BINARY
    }
}
