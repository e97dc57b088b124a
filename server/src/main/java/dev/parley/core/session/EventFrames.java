// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionEvent;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one event: encoded once for each protocol that a receiver speaks. Holds one reference of each until
 * {@link #release}. For one thread, which uses the same object for one event after the other. It does not hold the
 * event, which the JVM then need not put on the heap.
 */
public final class EventFrames {

    private static final ThreadLocal<EventFrames> OWN = ThreadLocal.withInitial(EventFrames::new);

    private boolean isUsed;

    /** The protocol asked for last, and its frame. */
    private @Nullable ClientProtocol protocol;

    private @Nullable Frame frame;

    /** Frames of other protocols; null without any, as in most rooms. */
    private @Nullable EventFrames others;

    private EventFrames() {}

    /** Returns the frames of an event, which is not encoded yet. {@link #release} follows. */
    public static EventFrames begin() {
        EventFrames own = OWN.get();
        EventFrames free = own.isUsed ? new EventFrames() : own;
        free.isUsed = true;
        return free;
    }

    /**
     * Returns the frame for clients of this protocol, without a reference; null if it has no message for the event.
     *
     * @param event always the same one
     */
    @SuppressWarnings("ReferenceEquality") // a protocol is nothing but itself
    public @Nullable Frame of(SessionEvent event, ClientProtocol asked) {
        if (protocol == asked) {
            return frame;
        }
        if (protocol == null) {
            frame = asked.encode(event);
            protocol = asked; // last: a failure leaves nothing behind
            return frame;
        }
        if (others == null) {
            others = begin();
        }
        return others.of(event, asked);
    }

    /** Releases all frames. */
    public void release() {
        Frame released = frame;
        EventFrames further = others;
        isUsed = false;
        protocol = null;
        frame = null;
        others = null;
        if (released != null) {
            released.release();
        }
        if (further != null) {
            further.release();
        }
    }
}
