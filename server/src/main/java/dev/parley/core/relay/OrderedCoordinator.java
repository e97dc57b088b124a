// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
import java.util.function.Consumer;

/** The coordinator for one app, whose outcomes come behind the events that wait in its {@link DecisionQueue}. */
record OrderedCoordinator(Coordinator ofNode, DecisionQueue queue) implements Coordinator {

    @Override
    public Loop loop() {
        return ofNode.loop();
    }

    @Override
    public String node() {
        return ofNode.node();
    }

    @Override
    public void start(Receiver events) {
        throw new UnsupportedOperationException("all apps of a node have one receiver");
    }

    @Override
    public int state() {
        return ofNode.state();
    }

    @Override
    public void submit(int made, Requester requester, Command command, Consumer<Outcome> outcome) {
        ofNode.submit(made, requester, command, it -> queue.apply(() -> outcome.accept(it)));
    }
}
