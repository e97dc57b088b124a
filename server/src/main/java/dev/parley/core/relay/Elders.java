// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions a peer already had when another of its connections opened. A client whose network changed comes back
 * before anyone has noticed that its old connection is dead; were it silently taken for a second tab, the others would
 * never build the call anew. So each is asked for a sign of life, and the dead are gone before the newcomer enters a
 * room. For the loop of the newcomer.
 */
public final class Elders {

    /** There are none: everything is known. */
    static final Elders NONE = new Elders();

    /** How long an answer may take. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private int unknown;
    private final List<Runnable> waiting = new ArrayList<>(0);

    private Elders() {}

    static Elders ask(Session newcomer, Session[] all) {
        Elders elders = new Elders();
        for (Session elder : all) {
            if (elder != newcomer && !isLater(elder, newcomer)) {
                elders.unknown++;
                elder.loop().post(() -> elders.ask(elder, newcomer));
            }
        }
        return elders;
    }

    /**
     * On the elder's loop. An elder that cannot be asked is not waited for; a newcomer that cannot be notified is
     * ended.
     */
    private void ask(Session elder, Session newcomer) {
        Runnable known = () -> {
            try {
                newcomer.loop().post(this::oneIsKnown);
            } catch (RuntimeException | Error e) { // no memory for the task
                newcomer.fail(e);
            }
        };
        try {
            elder.connection().probe(PATIENCE, known);
        } catch (RuntimeException | Error e) { // no memory for a timer or a ping
            known.run();
            throw e;
        }
    }

    /** An attempt that its client has given up, and that came to its end late, must not cost the client its session. */
    private static boolean isLater(Session elder, Session newcomer) {
        return elder.isLasting()
                && elder.connection().id() > newcomer.connection().id();
    }

    /** Runs the step as soon as it is known which of them live: now, or within {@link #PATIENCE}. */
    public void whenKnown(Runnable step) {
        if (unknown == 0) {
            step.run();
        } else {
            waiting.add(step);
        }
    }

    private void oneIsKnown() {
        unknown--;
        if (unknown == 0) {
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }
}
