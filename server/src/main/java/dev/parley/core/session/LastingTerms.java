// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.config.ContinuitySettings;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.EventEncoder;
import dev.parley.core.port.Frame;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SessionEnd;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all lasting connections of a dialect share. Safe from any thread.
 *
 * @param bounds how long and how much is kept
 * @param away how many sessions have no socket now
 * @param numbering puts the number into a frame
 * @param encoder the words for senders of what did not arrive
 * @param ends why a session is over when its socket is closed with this code; null if its client may come back to it
 */
public record LastingTerms(
        ContinuitySettings bounds,
        AtomicInteger away,
        Numbering numbering,
        EventEncoder encoder,
        Function<CloseCode, @Nullable SessionEnd> ends,
        ServerObserver observer) {

    /** Puts a number into a frame. */
    @FunctionalInterface
    public interface Numbering {

        /** The same message with its number; consumes one reference of the frame and gives one of the other. */
        Frame number(Frame frame, long sequence);
    }

    /** Nobody is away yet, nothing kept. */
    public LastingTerms(
            ContinuitySettings bounds,
            Numbering numbering,
            EventEncoder encoder,
            Function<CloseCode, @Nullable SessionEnd> ends,
            ServerObserver observer) {
        this(bounds, new AtomicInteger(), numbering, encoder, ends, observer);
    }
}
