// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Frame;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.Payload;

/** Frames that never change are made when a server starts; the others while it runs. */
record StartupFrames(FrameFactory starting, FrameFactory running) implements FrameFactory {

    @Override
    public Frame text(Payload payload) {
        return running.text(payload);
    }

    @Override
    public Frame binary(Payload payload) {
        return running.binary(payload);
    }

    @Override
    public Frame begun(Payload beginning, int skip, Frame other) {
        return running.begun(beginning, skip, other);
    }

    @Override
    public Frame constant(String text) {
        return starting.constant(text);
    }
}
