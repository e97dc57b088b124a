// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pending questions whether the client of a lasting session is alive. The answer of its socket answers one of them, a
 * resume answers all. On the session's loop.
 */
final class LifeProbes {

    private final LastingDelivery delivery;
    private final Loop loop;
    private final Runnable end;
    private final List<LifeProbe> pending = new ArrayList<>(1);

    /** @param end ends the session, whose client is not alive */
    LifeProbes(LastingDelivery delivery, Loop loop, Runnable end) {
        this.delivery = delivery;
        this.loop = loop;
        this.end = end;
    }

    /** Asks, and runs the task once the answer is known. */
    void ask(Duration patience, Runnable known) {
        LifeProbe probe = new LifeProbe(loop, patience, known);
        pending.add(probe);
        ClientConnection now = delivery.socket();
        if (now == null) {
            awaitResume(probe);
        } else {
            delivery.link().probe(now, patience, () -> socketProbed(probe));
        }
    }

    /** The client is alive, or the session is over: nothing is asked any more. */
    void answer() {
        List<LifeProbe> answered = List.copyOf(pending);
        pending.clear();
        answered.forEach(LifeProbe::answer);
    }

    /** The socket has answered, or is over: its client has the rest of the time to resume. */
    private void socketProbed(LifeProbe probe) {
        if (delivery.socket() == null) {
            awaitResume(probe);
        } else if (pending.remove(probe)) {
            probe.answer();
        }
    }

    private void awaitResume(LifeProbe probe) {
        probe.atDeadline(() -> {
            end.run();
            probe.answer();
        });
    }
}
