// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.nio.ByteBuffer;

/**
 * Opaque bytes received from a client, which core relays and never reads.
 *
 * <p>A payload is borrowed: it is valid until the call that handed it over returns, and only on that thread. What must
 * live longer is encoded into a {@link Frame} within the call.
 */
public interface Payload {

    /** The number of bytes. */
    int length();

    /** Copies all bytes to the position of {@code target}, which must have {@link #length()} bytes of room. */
    void copyTo(ByteBuffer target);
}
