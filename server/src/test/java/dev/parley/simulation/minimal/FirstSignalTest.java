// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frame;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the peer that waited sends as soon as it has its {@code ready}. */
class FirstSignalTest {

    private final MinimalDialect dialect = TestServer.of(new SimulatedFrames()).minimal();
    private final List<String> received = new ArrayList<>();

    @Test
    void reachesTheNewcomerAlsoIfItIsSentBeforeTheLoopOfTheNewcomerGoesOn() {
        SimulatedLoop loopOfNewcomer = new SimulatedLoop();
        SimulatedConnection newcomer =
                new SimulatedConnection(2, loopOfNewcomer, (client, frame) -> received.add(frame));

        open(new Offering());
        open(newcomer);
        while (!loopOfNewcomer.isIdle()) {
            loopOfNewcomer.runNext();
        }

        assertThat(received).containsExactly("text {\"type\":\"welcome\",\"polite\":true}", "text offer");
    }

    private void open(SimulatedConnection connection) {
        if (dialect.receive(Requests.get("/room", "")) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
    }

    /** Offers at once when it is {@code ready}, on a loop whose thread is faster than any other. */
    private static final class Offering extends SimulatedConnection {

        private final AtomicReference<@Nullable ClientConversation> conversation = new AtomicReference<>();

        Offering() {
            super(1, new FastLoop(), (client, frame) -> {});
        }

        @Override
        public void open(Dialect.Opening opening) {
            super.open(connection -> {
                ClientConversation opened = opening.open(connection);
                conversation.set(opened);
                return opened;
            });
        }

        @Override
        public void send(Frame frame) {
            ClientConversation opened = conversation.get();
            if (opened != null && frame.toString().contains("ready")) {
                opened.text(TextPayload.of("offer"));
            }
            super.send(frame);
        }
    }

    /** Runs each task on another thread, before the one that posted it goes on. */
    private static final class FastLoop extends SimulatedLoop {

        @Override
        public void post(Runnable task) {
            Thread thread = new Thread(task);
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
