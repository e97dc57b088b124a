// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Frame;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.Payload;

/** Frames as readable text, with strict counting: one released twice fails, one never released is found at the end. */
public final class SimulatedFrames implements FrameFactory {

    private final Runnable allocation;
    private int live;

    public SimulatedFrames() {
        this(() -> {});
    }

    /** @param allocation runs before each frame is made, and may fail */
    public SimulatedFrames(Runnable allocation) {
        this.allocation = allocation;
    }

    @Override
    public Frame text(Payload payload) {
        return new Counted("text " + TextPayload.text(payload));
    }

    @Override
    public Frame binary(Payload payload) {
        return new Counted("binary " + TextPayload.text(payload));
    }

    @Override
    public Frame begun(Payload beginning, int skip, Frame other) {
        String content = other.toString().substring("text ".length() + skip);
        other.release();
        return new Counted("text " + TextPayload.text(beginning) + content);
    }

    @Override
    public Frame constant(String text) {
        return new Constant("text " + text);
    }

    /** How many frames nobody released. */
    public int live() {
        return live;
    }

    private record Constant(String content) implements Frame {

        @Override
        public int length() {
            return content.length();
        }

        @Override
        public Frame retain() {
            return this;
        }

        @Override
        public void release() {}

        @Override
        public int hold() {
            return 0;
        }

        @Override
        public int unhold() {
            return 0;
        }

        @Override
        public String toString() {
            return content;
        }
    }

    private final class Counted implements Frame {

        private final String content;
        private int references = 1;
        private int places;

        private Counted(String content) {
            allocation.run();
            this.content = content;
            live++;
        }

        @Override
        public int length() {
            return content.length();
        }

        @Override
        public Frame retain() {
            references++;
            return this;
        }

        @Override
        public void release() {
            if (references == 0) {
                throw new IllegalStateException("released once too often: " + content);
            }
            references--;
            if (references == 0) {
                live--;
            }
        }

        @Override
        public int hold() {
            return places++ == 0 ? content.length() : 0;
        }

        @Override
        public int unhold() {
            return --places == 0 ? content.length() : 0;
        }

        @Override
        public String toString() {
            return content;
        }
    }
}
