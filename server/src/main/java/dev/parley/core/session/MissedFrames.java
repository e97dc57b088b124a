// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that a client missed and that are sent again after it resumed, and frames that came behind them. They are sent
 * as the socket takes them, so a client that resumes without reading costs no more than a few frames. On the session's
 * loop.
 */
final class MissedFrames {

    private final Deque<Frame> frames;

    private MissedFrames(List<Frame> missed) {
        frames = new ArrayDeque<>(missed);
    }

    /** Returns these frames, each with a reference of its own; null without any. */
    static @Nullable MissedFrames of(List<Frame> missed) {
        missed.forEach(Frame::retain);
        return missed.isEmpty() ? null : new MissedFrames(missed);
    }

    /** Adds a frame behind the others. Consumes one reference. */
    void add(Frame frame) {
        frames.addLast(frame);
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** Removes the next frame, whose reference the caller owns. There must be one. */
    Frame next() {
        return frames.removeFirst();
    }

    /** Releases all frames: they are not sent on this socket. */
    void release() {
        frames.forEach(Frame::release);
        frames.clear();
    }
}
