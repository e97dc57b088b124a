// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;

/** Makes frames. Safe from any thread. */
public interface Frames {

    /** A text message holding these bytes, which must be valid UTF-8. */
    Frame text(Payload payload);

    /**
     * A text message that carries a signal.
     *
     * @param signalBytes the size of the signal within the message
     */
    Frame signal(Payload payload, Peer sender, int signalBytes);

    /** A text message that announces to the members of a room that these peers have entered. */
    Frame arrival(Payload payload, List<Peer> newcomers);

    /** A text message that lists for a member of a room the others who are there. */
    Frame roster(Payload payload, List<Peer> others);

    /** A binary message holding these bytes. */
    Frame binary(Payload payload);

    /**
     * A text message: these bytes, then those of the other without its first {@code skip}, in the other's place. Consumes
     * one reference of the other.
     */
    Frame begun(Payload beginning, int skip, Frame other);

    /** A text message that is the same for everyone and for ever: releasing it is allowed and has no effect. */
    Frame constant(String text);
}
