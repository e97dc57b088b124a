// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Frame;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Peer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames as readable text, with strict counting: one released twice fails, one never released is found at the end. */
public final class SimulatedFrames implements Frames {

    private int live;

    @Override
    public Frame text(Payload payload) {
        return new Counted("text " + TextPayload.text(payload));
    }

    @Override
    public Frame signal(Payload payload, Peer sender, int signalBytes) {
        return new Counted("text " + TextPayload.text(payload), sender, signalBytes, List.of(), false);
    }

    @Override
    public Frame arrival(Payload payload, List<Peer> newcomers) {
        return new Counted("text " + TextPayload.text(payload), null, 0, newcomers, false);
    }

    @Override
    public Frame roster(Payload payload, List<Peer> others) {
        return new Counted("text " + TextPayload.text(payload), null, 0, others, true);
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
        public String toString() {
            return content;
        }
    }

    private final class Counted implements Frame {

        private final String content;
        private final @Nullable Peer sender;
        private final int signalBytes;
        private final List<Peer> introduced;
        private final boolean isRoster;
        private int references = 1;

        private Counted(String content) {
            this(content, null, 0, List.of(), false);
        }

        private Counted(
                String content, @Nullable Peer sender, int signalBytes, List<Peer> introduced, boolean isRoster) {
            this.content = content;
            this.sender = sender;
            this.signalBytes = signalBytes;
            this.introduced = introduced;
            this.isRoster = isRoster;
            live++;
        }

        @Override
        public @Nullable Peer sender() {
            return sender;
        }

        @Override
        public int signalBytes() {
            return signalBytes;
        }

        @Override
        public boolean isRoster() {
            return isRoster;
        }

        @Override
        public List<Peer> introduced() {
            return introduced;
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
        public String toString() {
            return content;
        }
    }
}
