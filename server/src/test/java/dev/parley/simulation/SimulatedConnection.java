// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frame;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.Payload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A socket without a network: what is sent is read at once. Its client answers probes when the simulation says so, see
 * {@link #pong}; until then time passes, and patience may end.
 */
public class SimulatedConnection implements ClientConnection {

    /** The client at the other end. */
    @FunctionalInterface
    public interface Reader {
        /** A frame as one line: {@code text ...}, {@code binary ...} or {@code close <number> <reason>}. */
        void read(long client, String frame);
    }

    private static final CloseCode NO_PONG = new CloseCode(1008, "no pong");

    private final long id;
    private final SimulatedLoop loop;
    private final Reader reader;
    private @Nullable ClientConversation conversation;
    private @Nullable ConnectionEnding ending;
    private int readingHolds;

    /** What the client said while reading was paused. */
    private final Deque<Consumer<ClientConversation>> unread = new ArrayDeque<>();

    private final List<Probe> probes = new ArrayList<>();

    private record Probe(LoopTimer patience, Runnable known) {

        void end() {
            patience.cancel();
            known.run();
        }
    }

    public SimulatedConnection(long id, SimulatedLoop loop, Reader reader) {
        this.id = id;
        this.loop = loop;
        this.reader = reader;
    }

    @Override
    public SimulatedLoop loop() {
        return loop;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void admitted() {}

    @Override
    public void send(Frame frame) {
        if (ending == null) {
            reader.read(id, frame.toString());
        }
        frame.release();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void whenWritable(Runnable task) {
        loop.post(task);
    }

    @Override
    public void pauseReading() {
        readingHolds++;
    }

    @Override
    public void resumeReading() {
        if (readingHolds == 0) {
            throw new IllegalStateException("reading is not paused");
        }
        readingHolds--;
        loop.post(this::readOn);
    }

    public boolean isReadingPaused() {
        return readingHolds > 0 && ending == null;
    }

    private void readOn() {
        while (readingHolds == 0 && !unread.isEmpty()) {
            unread.removeFirst().accept(open());
        }
    }

    private void read(Consumer<ClientConversation> message) {
        if (ending == null) {
            unread.addLast(message);
            readOn();
        }
    }

    @Override
    public void probe(Duration patience, Runnable known) {
        if (ending != null) {
            known.run();
            return;
        }
        probes.add(new Probe(loop.schedule(patience, this::fallSilent), known));
        pinged();
    }

    /** The client is asked for a sign of life. */
    protected void pinged() {}

    /** The client has answered all probes so far. */
    public void pong() {
        List<Probe> answered = List.copyOf(probes);
        probes.clear();
        answered.forEach(Probe::end);
    }

    private void fallSilent() {
        if (ending == null) {
            reader.read(id, "close " + NO_PONG.number() + " " + NO_PONG.reason());
            end(new ConnectionEnding.Lost(NO_PONG.reason()));
        }
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        loop.post(task);
    }

    @Override
    public void close(CloseCode code) {
        if (ending == null) {
            reader.read(id, "close " + code.number() + " " + code.reason());
            end(new ConnectionEnding.Closed(code));
        }
    }

    public void open(Dialect.Opening opening) {
        conversation = opening.open(this);
        if (ending != null) {
            conversation.ended(ending);
        }
    }

    public void end(ConnectionEnding how) {
        ending = how;
        unread.clear(); // the conversation is over
        if (conversation != null) {
            conversation.ended(how);
        }
        pong(); // nobody waits any longer
    }

    public boolean isOpen() {
        return conversation != null && ending == null;
    }

    /** Where the client's words arrive: they wait while reading is paused. */
    public ClientConversation conversation() {
        ClientConversation open = open();
        return new ClientConversation() {
            @Override
            public void text(Payload payload) {
                read(it -> it.text(payload));
            }

            @Override
            public void binary(Payload payload) {
                read(it -> it.binary(payload));
            }

            @Override
            public void drain() {
                open.drain();
            }

            @Override
            public void ended(ConnectionEnding how) {
                open.ended(how);
            }
        };
    }

    private ClientConversation open() {
        if (conversation == null) {
            throw new IllegalStateException("not open");
        }
        return conversation;
    }
}
