// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Timer;
import java.util.ArrayList;
import java.util.List;

/** A client was asked whether it still lives, and these wait for what comes of it. For the connection's loop. */
final class SignOfLife {

    private final Timer patience;
    private final List<Runnable> waiting = new ArrayList<>(1);

    /** @param patience ends the connection unless cancelled */
    SignOfLife(Timer patience) {
        this.patience = patience;
    }

    void await(Runnable known) {
        waiting.add(known);
    }

    /** The client lives, or its conversation was told that it does not. */
    void known() {
        patience.cancel();
        waiting.forEach(Runnable::run);
    }
}
