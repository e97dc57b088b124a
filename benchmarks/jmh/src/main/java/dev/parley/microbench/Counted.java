// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

import dev.parley.core.port.Frame;
import java.util.concurrent.atomic.AtomicInteger;

/** A frame of 1 KB without bytes, whose references are counted as those of a buffer are. */
public final class Counted implements Frame {

    private final AtomicInteger references = new AtomicInteger(1);

    @Override
    public int length() {
        return Messages.BYTES;
    }

    @Override
    public Frame retain() {
        references.incrementAndGet();
        return this;
    }

    @Override
    public void release() {
        references.decrementAndGet();
    }

    @Override
    public int hold() {
        return 0;
    }

    @Override
    public int unhold() {
        return 0;
    }
}
