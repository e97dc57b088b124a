// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Frame;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SocketLinkTest {

    /** With two of them, more is posted to a loop than may be before it says that they are sent. */
    private static final String LARGE = "x".repeat(10_000);

    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop here = new SimulatedLoop();
    private final SimulatedLoop there = new SimulatedLoop();
    private final List<String> sent = new ArrayList<>();
    private final SlowSocket first = new SlowSocket(1, here);
    private final SlowSocket remote = new SlowSocket(2, there);
    private int notified;
    private final SocketLink link = new SocketLink(first, () -> notified++);

    /** A socket that takes more when the test says so. */
    private final class SlowSocket extends SimulatedConnection {

        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private boolean isFull;

        SlowSocket(long id, SimulatedLoop loop) {
            super(id, loop, (client, frame) -> sent.add(client + " " + frame));
        }

        @Override
        public boolean isWritable() {
            return !isFull;
        }

        @Override
        public void whenWritable(Runnable task) {
            if (isFull) {
                waiting.add(task);
            } else {
                loop().post(task);
            }
        }

        void takeMore() {
            isFull = false;
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
        }
    }

    @Test
    void aSocketOnTheLoopOfTheSessionGetsAFrameAtOnce() {
        link.send(frame("a"));

        assertThat(sent).containsExactly("1 text a");
        assertThat(link.takesMore()).isTrue();
    }

    @Test
    void withoutASocketAFrameIsDropped() {
        link.set(null);
        link.send(frame("a"));

        assertThat(sent).isEmpty();
        assertThat(frames.live()).isZero();
        assertThat(link.takesMore()).isFalse();
        assertThat(link.hasTakenAll()).isFalse();
    }

    @Test
    void framesForASocketOnAnotherLoopArePostedThereInOrder() {
        link.set(remote);
        IntStream.range(0, 5).forEach(i -> link.send(frame("" + i)));
        assertThat(sent).isEmpty();
        run(there);

        assertThat(sent).containsExactly("2 text 0", "2 text 1", "2 text 2", "2 text 3", "2 text 4");
        assertThat(frames.live()).isZero();
    }

    @Test
    void noMoreIsPostedUntilTheOtherLoopSaysThatItIsSent() {
        remote.isFull = true;
        link.set(remote);
        link.send(frame(LARGE));
        assertThat(link.takesMore()).isTrue();
        link.send(frame(LARGE));
        run(there);
        run(here);
        assertThat(link.takesMore()).isFalse();
        assertThat(link.hasTakenAll()).isFalse();

        remote.takeMore();
        run(here);
        assertThat(link.takesMore()).isTrue();
        assertThat(link.hasTakenAll()).isTrue();
        assertThat(notified).isEqualTo(1);
    }

    @Test
    void whatASocketSaysThatWasReplacedMeansNothing() {
        remote.isFull = true;
        link.set(remote);
        link.send(frame(LARGE));
        link.send(frame(LARGE));
        run(there);
        SlowSocket later = new SlowSocket(3, there);
        link.set(later);
        later.isFull = true;
        link.send(frame(LARGE));
        link.send(frame(LARGE));
        remote.takeMore();
        run(here);

        assertThat(link.takesMore()).isFalse();
        assertThat(notified).isZero();
    }

    @Test
    void whoWaitsIsNotifiedOnceHoweverOftenItAsks() {
        first.isFull = true;
        link.awaitMore();
        link.awaitMore();
        first.takeMore();
        run(here);

        assertThat(notified).isEqualTo(1);
    }

    private Frame frame(String text) {
        return frames.text(TextPayload.of(text));
    }

    private static void run(SimulatedLoop loop) {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
