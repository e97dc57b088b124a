// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Encoder;
import dev.parley.core.port.Event;
import dev.parley.core.port.Frame;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A client as core knows it. Lives as long as its connection.
 *
 * <p>{@link #deliver} is called on the loop of whoever caused the event; everything else happens on the loop of this
 * session's connection.
 */
public final class Session {

    private static final AtomicIntegerFieldUpdater<Session> UNDERWAY =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "underwayBytes");

    private final Connection connection;
    private final Encoder encoder;
    private final int maxUnderwayBytes;

    /** Bytes posted to the connection's loop and not yet handed to the connection. */
    @SuppressWarnings("UnusedVariable") // used through UNDERWAY
    private volatile int underwayBytes;

    /** More came than may be under way: the client is being closed, and is told nothing more. */
    private volatile boolean isOverrun;

    /**
     * A session that speaks through this connection.
     *
     * @param maxUnderwayBytes bound of what may wait for the connection's loop; beyond it the client is closed as a slow
     *     consumer, because a frame left out would break the order promised to it
     */
    public Session(Connection connection, Encoder encoder, int maxUnderwayBytes) {
        this.connection = connection;
        this.encoder = encoder;
        this.maxUnderwayBytes = maxUnderwayBytes;
    }

    /** Tells the client of the event, after everything that was delivered before. */
    public void deliver(Event event) {
        Frame frame = isOverrun ? null : encoder.encode(event);
        if (frame == null) {
            return;
        }
        int length = frame.length();
        if (UNDERWAY.addAndGet(this, length) > maxUnderwayBytes) {
            isOverrun = true;
            frame.release();
            connection.loop().post(() -> connection.close(CloseCode.SLOW_CONSUMER));
            return;
        }
        connection.loop().post(() -> {
            UNDERWAY.addAndGet(this, -length);
            connection.send(frame);
        });
    }
}
