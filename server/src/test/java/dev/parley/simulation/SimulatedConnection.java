// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Frame;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A socket without a network: what is sent is written down in the history at once. */
class SimulatedConnection implements Connection {

    private final long id;
    private final SimulatedLoop loop;
    private final History history;
    private @Nullable Conversation conversation;
    private @Nullable Ending ending;

    SimulatedConnection(long id, SimulatedLoop loop, History history) {
        this.id = id;
        this.loop = loop;
        this.history = history;
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
            history.read(id, frame.toString());
        }
        frame.release();
    }

    @Override
    public void probe(Duration patience, Runnable known) {
        known.run();
    }

    @Override
    public void close(CloseCode code) {
        if (ending == null) {
            history.read(id, "close " + code.number() + " " + code.reason());
            end(new Ending.Closed(code));
        }
    }

    void open(Dialect.Opening opening) {
        conversation = opening.open(this);
        if (ending != null) {
            conversation.ended(ending);
        }
    }

    void end(Ending how) {
        ending = how;
        if (conversation != null) {
            conversation.ended(how);
        }
    }

    boolean isOpen() {
        return conversation != null && ending == null;
    }

    Conversation conversation() {
        if (conversation == null) {
            throw new IllegalStateException("not open");
        }
        return conversation;
    }
}
