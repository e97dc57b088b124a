// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbered frames a client has not said it received, in order. On the session's loop. */
final class UnconfirmedFrames {

    private final HeldMessages holding;

    /** Null while empty: most clients receive little. */
    private @Nullable Deque<Kept> kept;

    /** The number of the last frame that was added. */
    private long last;

    /** What the frames take, see {@link Frame#length}. */
    private long bytes;

    private record Kept(Frame frame, @Nullable SignalOrigin origin) {}

    /** Requests of one sender, from one number through another, that were to reach the client. */
    record Span(SessionId sender, long from, long through) {}

    UnconfirmedFrames(HeldMessages holding) {
        this.holding = holding;
    }

    /** Returns the number of the next frame. */
    long next() {
        return last + 1;
    }

    /** Takes the frame, which has the next number, and one reference of it. */
    void add(Frame frame, @Nullable SignalOrigin origin) {
        if (kept == null) {
            kept = new ArrayDeque<>(4);
        }
        kept.addLast(new Kept(frame, origin));
        last++;
        bytes += frame.length();
        holding.add(frame);
    }

    int frames() {
        return kept == null ? 0 : kept.size();
    }

    long bytes() {
        return bytes;
    }

    /** Whether a client that received all through this number can get the rest. */
    boolean reaches(long sequence) {
        return sequence >= last - frames() && sequence <= last;
    }

    /** The number up to which the client has received. */
    long received() {
        return last - frames();
    }

    /** Whether a frame of this number was ever added. */
    boolean knows(long sequence) {
        return sequence <= last;
    }

    /** The client received all through this number. Returns how many frames of these were still kept. */
    int forget(long through) {
        int forgotten = 0;
        while (kept != null && last - kept.size() < through) {
            Frame frame = kept.removeFirst().frame();
            bytes -= frame.length();
            holding.remove(frame);
            frame.release();
            forgotten++;
            kept = kept.isEmpty() ? null : kept;
        }
        return forgotten;
    }

    /** Returns the frames that are kept, in order. */
    List<Frame> list() {
        return kept == null ? List.of() : kept.stream().map(Kept::frame).toList();
    }

    /** Forgets everything, and returns whose requests that were. */
    Iterable<Span> removeAll() {
        Map<SessionId, Span> spans = new HashMap<>();
        if (kept != null) {
            for (Kept it : kept) {
                SignalOrigin origin = it.origin();
                if (origin != null) {
                    spans.merge(
                            origin.sender(),
                            new Span(origin.sender(), origin.sequence(), origin.sequence()),
                            (before, now) -> new Span(before.sender(), before.from(), now.through()));
                }
            }
        }
        forget(last);
        return spans.values();
    }
}
