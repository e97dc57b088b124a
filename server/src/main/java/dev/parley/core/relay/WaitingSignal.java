// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Payload;
import dev.parley.core.port.Signal;
import dev.parley.core.session.AppDeliveries;
import dev.parley.core.session.GuardedTask;
import dev.parley.core.session.Session;
import java.util.function.Consumer;

/**
 * A signal for many sessions that waits for its turn, see {@link dev.parley.core.session.DeliveryTurns}. Its sender is
 * not read from meanwhile, so nothing the sender does later comes before it. On the sender's loop.
 *
 * @param decide is given the signal when its turn has come, unless its sender is gone
 */
record WaitingSignal(PeerRegistry peers, Session from, Signal signal, Consumer<Signal> decide) implements Runnable {

    /**
     * Has a signal wait; false if there is no memory for it.
     *
     * @param turns of which it awaits one
     * @param borrowed is copied
     * @param receivers how many sessions, about
     */
    static boolean begin(
            AppDeliveries turns,
            PeerRegistry peers,
            Session from,
            Signal borrowed,
            int receivers,
            Consumer<Signal> decide) {
        int bytes = borrowed.payload().length();
        if (!from.memory().takeSignal(from.group(), bytes)) {
            return false;
        }
        Signal kept = new Signal(borrowed.kind(), Payload.of(borrowed.payload().copy()));
        from.pauseForTurn();
        turns.await(
                from.group(),
                from.loop(),
                receivers,
                bytes,
                new GuardedTask(from.connection(), new WaitingSignal(peers, from, kept, decide)));
        return true;
    }

    @Override
    public void run() {
        from.memory().giveSignal(from.group(), signal.payload().length());
        try {
            if (peers.holds(from)) {
                decide.accept(signal);
            }
        } finally {
            from.connection().resumeReading();
        }
    }
}
