// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * Makes frames. Safe from any thread. Frames may lie in memory that is short: then any method throws an
 * {@link OutOfMemoryError}, of which the JVM does not end.
 */
public interface FrameFactory {

    /** A text message holding these bytes, which must be valid UTF-8. */
    Frame text(Payload payload);

    /** Returns a binary message with these bytes. */
    Frame binary(Payload payload);

    /**
     * A text message: these bytes, then those of the other without its first {@code skip}, in the other's place.
     * Consumes one reference of the other, also if it fails.
     */
    Frame begun(Payload beginning, int skip, Frame other);

    /** A text message that is the same for every client at any time: releasing it is allowed and has no effect. */
    Frame constant(String text);
}
