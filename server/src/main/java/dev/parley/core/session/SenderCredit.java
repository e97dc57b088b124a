// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.PauseCause;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What a session may post to loops before they have handled it. Without credit the session is not read from, so that a
 * loop that falls behind slows down those who keep it busy, and nobody else.
 */
public final class SenderCredit {

    private static final AtomicIntegerFieldUpdater<SenderCredit> SPENT =
            AtomicIntegerFieldUpdater.newUpdater(SenderCredit.class, "spentBytes");

    private final ClientConnection connection;
    private final SessionTerms terms;

    /** Posted to loops, which have not handled it yet. */
    private volatile int spentBytes;

    /** It is used up, and reading is paused. Changed on the session's loop. */
    private volatile boolean isUsedUp;

    SenderCredit(ClientConnection connection, SessionTerms terms) {
        this.connection = connection;
        this.terms = terms;
    }

    /** Counts bytes the session posts to a loop. On the session's loop. */
    public void spend(int length) {
        if (SPENT.addAndGet(this, length) > terms.creditBytes() && !isUsedUp) {
            isUsedUp = true;
            connection.pauseReading();
            terms.observer().paused(PauseCause.CREDIT);
            if (hasCredit()) {
                readOn(); // what was posted is handled already, and nobody saw that reading is paused
            }
        }
    }

    /** A loop has handled what the session posted there. Safe from any thread. */
    public void giveBack(int length) {
        SPENT.addAndGet(this, -length);
        if (isUsedUp && hasCredit()) {
            connection.loop().post(this::readOn);
        }
    }

    private boolean hasCredit() {
        return spentBytes <= terms.creditBytes() / 2;
    }

    private void readOn() {
        if (isUsedUp && hasCredit()) {
            isUsedUp = false;
            connection.resumeReading();
        }
    }
}
