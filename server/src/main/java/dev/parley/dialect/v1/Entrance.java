// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Presence;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Timer;

/**
 * The way from hearing a channel to being in its roster. It is over when the client has read its acknowledgement, which
 * its answer to a ping sent behind that says; never before a short delay, and at the latest when patience ends. On the
 * connection's loop.
 */
final class Entrance {

    private final Runnable enter;
    private final Timer patience;
    private boolean isRead;
    private boolean isRested;
    private boolean isOver;

    private Entrance(Connection connection, Presence presence, Runnable enter) {
        Loop loop = connection.loop();
        this.enter = enter;
        this.patience = loop.schedule(presence.patience(), this::over);
        loop.schedule(presence.delay(), this::rested);
    }

    /** Begins it. Call in the turn in which the acknowledgement is sent. */
    static void begin(Connection connection, Presence presence, Runnable enter) {
        if (presence.delay().isZero()) {
            connection.loop().post(enter);
        } else {
            Entrance entrance = new Entrance(connection, presence, enter);
            connection.loop().post(() -> connection.whenRead(entrance::read));
        }
    }

    private void read() {
        isRead = true;
        if (isRested) {
            over();
        }
    }

    private void rested() {
        isRested = true;
        if (isRead) {
            over();
        }
    }

    private void over() {
        if (!isOver) {
            isOver = true;
            patience.cancel();
            enter.run();
        }
    }
}
