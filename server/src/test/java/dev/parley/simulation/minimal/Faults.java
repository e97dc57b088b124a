// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.minimal;

import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Frame;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import java.util.Random;

/** What is wrong with the parts of a simulation: nothing, or one planted bug that the simulation must find. */
class Faults {

    SimulatedLoop loop(Random random) {
        return new SimulatedLoop();
    }

    SimulatedConnection connection(long id, SimulatedLoop loop, History history) {
        return new SimulatedConnection(id, loop, history);
    }

    String room(String name) {
        return name;
    }

    /** A loop on which now and then a task falls behind those posted after it. */
    static final class Overtaking extends Faults {

        @Override
        SimulatedLoop loop(Random random) {
            return new SimulatedLoop() {
                @Override
                public void post(Runnable task) {
                    if (random.nextInt(10) == 0) {
                        super.post(() -> super.post(task));
                    } else {
                        super.post(task);
                    }
                }
            };
        }
    }

    /** A connection that sends every tenth frame twice. */
    static final class Doubling extends Faults {

        @Override
        SimulatedConnection connection(long id, SimulatedLoop loop, History history) {
            return new SimulatedConnection(id, loop, history) {
                private int sent;

                @Override
                public void send(Frame frame) {
                    if (++sent % 10 == 0) {
                        super.send(frame.retain());
                    }
                    super.send(frame);
                }
            };
        }
    }

    /** A connection that forgets every tenth frame. */
    static final class Dropping extends Faults {

        @Override
        SimulatedConnection connection(long id, SimulatedLoop loop, History history) {
            return new SimulatedConnection(id, loop, history) {
                private int sent;

                @Override
                public void send(Frame frame) {
                    if (++sent % 10 == 0) {
                        frame.release();
                    } else {
                        super.send(frame);
                    }
                }
            };
        }
    }

    /** A connection that does not give back every tenth frame. */
    static final class Leaking extends Faults {

        @Override
        SimulatedConnection connection(long id, SimulatedLoop loop, History history) {
            return new SimulatedConnection(id, loop, history) {
                private int sent;

                @Override
                public void send(Frame frame) {
                    super.send(++sent % 10 == 0 ? frame.retain() : frame);
                }
            };
        }
    }

    /** A connection whose end is not reported to the conversation: a ghost stays in its room. */
    static final class Ghost extends Faults {

        @Override
        SimulatedConnection connection(long id, SimulatedLoop loop, History history) {
            return new SimulatedConnection(id, loop, history) {
                @Override
                public void end(ConnectionEnding how) {
                    if (id() % 5 != 0) {
                        super.end(how);
                    }
                }
            };
        }
    }

    /** Two rooms that are one. */
    static final class Mixing extends Faults {

        @Override
        String room(String name) {
            return name.equals("/minimal/b") ? "/minimal/a" : name;
        }
    }
}
