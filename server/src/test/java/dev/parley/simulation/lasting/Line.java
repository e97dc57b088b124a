// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A socket with a network between: what is sent arrives later, or, once the line is cut, never; what the client had
 * sent before may still arrive. The client answers pings as long as it has the line.
 */
final class Line {

    private final SimulatedLoop loop;
    private final SimulatedConnection connection;
    private final Deque<String> toClient = new ArrayDeque<>();
    private final List<Runnable> whenWritable = new ArrayList<>();
    private boolean isCut;
    private boolean isSwallowing;

    /** @param room frames that the network takes while the client reads none */
    Line(long id, SimulatedLoop loop, int room) {
        this.loop = loop;
        this.connection =
                new SimulatedConnection(id, loop, (client, frame) -> {
                    if (!isCut) {
                        toClient.addLast(frame);
                    }
                }) {
                    @Override
                    protected void pinged() {
                        if (!isCut) {
                            arrive(SimulatedConnection::pong);
                        }
                    }

                    @Override
                    public boolean isWritable() {
                        return isCut || !isOpen() || toClient.size() < room;
                    }

                    @Override
                    public void end(ConnectionEnding how) {
                        super.end(how);
                        runIfWritable();
                    }

                    @Override
                    public void whenWritable(Runnable task) {
                        whenWritable.add(task);
                        runIfWritable();
                    }
                };
    }

    void open(Dialect.Opening opening) {
        arrive(it -> it.open(opening));
    }

    /** The client says this. */
    void say(String text) {
        arrive(it -> {
            if (it.isOpen()) {
                ClientConversation conversation = it.conversation();
                conversation.text(TextPayload.of(text));
            }
        });
    }

    /** The client says goodbye. */
    void leave(int code) {
        arrive(it -> end(new ConnectionEnding.Left(code)));
    }

    private void arrive(Consumer<SimulatedConnection> message) {
        Interleaving.arrive(loop, () -> {
            if (!isSwallowing) {
                message.accept(connection);
            }
        });
    }

    /**
     * From now on the client reads nothing more and sends nothing more.
     *
     * @param isSwallowed whether what it sent before does not arrive either
     */
    void cut(boolean isSwallowed) {
        isCut = true;
        isSwallowing = isSwallowed;
        toClient.clear();
        runIfWritable();
    }

    private void runIfWritable() {
        if (connection.isWritable()) {
            whenWritable.forEach(loop::post);
            whenWritable.clear();
        }
    }

    /** Whether the client has the line, and so has the server. */
    boolean isAlive() {
        return !isCut && connection.isOpen();
    }

    /** The server notices. */
    void notice() {
        Interleaving.arrive(loop, () -> end(new ConnectionEnding.Lost("simulated")));
    }

    private void end(ConnectionEnding how) {
        if (connection.isOpen()) {
            connection.end(how);
        }
    }

    boolean isQuiet() {
        return toClient.isEmpty();
    }

    /** What the client reads next. */
    String next() {
        String frame = toClient.removeFirst();
        runIfWritable();
        return frame;
    }
}
