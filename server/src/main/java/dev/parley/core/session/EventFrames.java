// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionEvent;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one event: encoded once for each protocol that a receiver speaks. Holds one reference of each until
 * {@link #release}. For one thread.
 */
public final class EventFrames {

    private final SessionEvent event;

    /** The protocol asked for last, and its frame. */
    private @Nullable ClientProtocol protocol;

    private @Nullable Frame frame;

    /** Frames of other protocols; null without any, as in most rooms. */
    private @Nullable EventFrames others;

    /** Frames of this event, which is not encoded yet. */
    public EventFrames(SessionEvent event) {
        this.event = event;
    }

    /** Returns the event. */
    public SessionEvent event() {
        return event;
    }

    /** Returns the frame for clients of this protocol, without a reference; null if it has no message for the event. */
    @SuppressWarnings("ReferenceEquality") // a protocol is nothing but itself
    public @Nullable Frame of(ClientProtocol asked) {
        if (protocol == asked) {
            return frame;
        }
        if (protocol == null) {
            frame = asked.encode(event);
            protocol = asked; // last: a failure leaves nothing behind
            return frame;
        }
        if (others == null) {
            others = new EventFrames(event);
        }
        return others.of(asked);
    }

    /** Releases all frames. */
    public void release() {
        if (frame != null) {
            frame.release();
        }
        if (others != null) {
            others.release();
        }
    }
}
