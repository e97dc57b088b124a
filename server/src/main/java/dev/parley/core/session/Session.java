// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Peer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A client as core knows it. Lives as long as its connection.
 *
 * <p>Frames for it are announced from any loop, see {@link #expect}, and sent on the loop of its connection.
 */
public final class Session {

    private static final AtomicIntegerFieldUpdater<Session> UNDERWAY =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "underwayBytes");

    private final Connection connection;
    private final Peer peer;
    private final int maxUnderwayBytes;
    private final Runnable rightsChanged;

    /** Bytes posted to the connection's loop and not yet handed to the connection. */
    private volatile int underwayBytes;

    /** More came than may be under way: behind what is, the client is closed. */
    private volatile boolean isOverrun;

    /**
     * A session that speaks through this connection.
     *
     * @param peer what others see of it
     * @param maxUnderwayBytes bound of what may wait for the connection's loop; beyond it the client is closed as a slow
     *     consumer, because a frame left out would break the order promised to it
     * @param rightsChanged called on the connection's loop after what the session may do has changed
     */
    public Session(Connection connection, Peer peer, int maxUnderwayBytes, Runnable rightsChanged) {
        this.connection = connection;
        this.peer = peer;
        this.maxUnderwayBytes = maxUnderwayBytes;
        this.rightsChanged = rightsChanged;
    }

    /** What others see of it. */
    public Peer peer() {
        return peer;
    }

    /** The connection it speaks through. */
    public Connection connection() {
        return connection;
    }

    /** The loop on which its frames arrive. */
    public Loop loop() {
        return connection.loop();
    }

    /** Has the session look at what it may do. Safe from any thread. */
    public void reconsider() {
        loop().post(rightsChanged);
    }

    /** Puts the client out. Safe from any thread. */
    public void close(CloseCode code) {
        loop().post(() -> connection.close(code));
    }

    /** Sends a frame, of which it consumes one reference, after everything posted to the session's loop before. */
    public void post(Frame frame) {
        if (!expect(frame)) {
            frame.release();
            return;
        }
        loop().post(() -> {
            forgo(frame);
            connection.send(frame);
        });
    }

    /**
     * Counts a frame that is about to be posted to this session's loop, where {@link #forgo} follows; false if the
     * session takes no more.
     */
    public boolean expect(Frame frame) {
        if (!isOverrun && UNDERWAY.addAndGet(this, frame.length()) > maxUnderwayBytes) {
            loop().post(() -> connection.close(CloseCode.SLOW_CONSUMER)); // before anyone may leave a frame out
            isOverrun = true;
        }
        return !isOverrun;
    }

    /** Whether more than half of what may be under way to it is. */
    public boolean isBehind() {
        return underwayBytes > maxUnderwayBytes / 2;
    }

    /** Whether it takes no more. */
    public boolean isOverrun() {
        return isOverrun;
    }

    /** An expected frame is under way no longer. On the session's loop. */
    public void forgo(Frame frame) {
        UNDERWAY.addAndGet(this, -frame.length());
    }

    /** Ends the session, which missed a frame, and reports why; others get theirs. Safe from any thread. */
    public void fail(Throwable cause) {
        close(CloseCode.INTERNAL_ERROR);
        loop().post(() -> {
            throw new IllegalStateException("a frame could not be sent", cause);
        });
    }

    /** Hands a frame to the connection and leaves the caller its reference. On the session's loop. */
    public void send(Frame frame) {
        connection.send(frame.retain());
    }
}
