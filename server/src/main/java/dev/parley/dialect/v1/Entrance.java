// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Presence;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Timer;

/**
 * The way from hearing a channel to being in its roster: it ends when the client has read its acknowledgement. A moment
 * after that was sent the client is asked by a ping, and its answer says so. On the connection's loop.
 */
final class Entrance {

    private final Runnable enter;
    private final Timer patience;
    private boolean isOver;

    private Entrance(Connection connection, Presence presence, Runnable enter) {
        Loop loop = connection.loop();
        this.enter = enter;
        this.patience = loop.schedule(presence.patience(), this::end);
        loop.schedule(presence.delay(), () -> connection.whenRead(this::end));
    }

    /** Begins it. Call in the turn in which the acknowledgement is sent. */
    static void begin(Connection connection, Presence presence, Runnable enter) {
        if (presence.delay().isZero()) {
            connection.loop().post(enter);
        } else {
            new Entrance(connection, presence, enter);
        }
    }

    private void end() {
        if (!isOver) {
            isOver = true;
            patience.cancel();
            enter.run();
        }
    }
}
