// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Peer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A client as core knows it. Lives as long as its connection, which may outlive sockets, see {@link LastingConnection}.
 *
 * <p>Frames for it are announced from any loop, see {@link #expect}, and sent on the loop of its connection.
 */
public final class Session {

    private static final AtomicIntegerFieldUpdater<Session> UNDERWAY =
            AtomicIntegerFieldUpdater.newUpdater(Session.class, "underwayBytes");

    private final Connection connection;

    /** The connection, if it outlives sockets. */
    private final @Nullable LastingConnection lasting;

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
        this.lasting = connection instanceof LastingConnection it ? it : null;
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

    /** Whether it outlives sockets, and its client understands what comes with that. */
    public boolean isLasting() {
        return lasting != null;
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
        post(frame, null);
    }

    /** Likewise; if it may not reach the client, the origin is told. */
    public void post(Frame frame, @Nullable Origin origin) {
        if (!expect(frame)) {
            frame.release();
            miss(origin);
            return;
        }
        try {
            loop().post(() -> {
                forgo(frame);
                deliver(frame, origin);
            });
        } catch (RuntimeException | Error e) { // no memory for the task: the caller does not acknowledge the signal
            forgo(frame);
            frame.release();
            throw e;
        }
    }

    /** A frame of this origin was not expected, and is left out. */
    public void miss(@Nullable Origin origin) {
        LastingConnection it = lasting;
        if (it != null && origin != null) {
            loop().post(() -> it.missed(origin));
        }
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

    /** Likewise if that is because the session is over, not because it wanted the frame no longer. On the session's loop. */
    public void missIfOver(@Nullable Origin origin) {
        if (lasting != null && origin != null && lasting.end() != null) {
            lasting.missed(origin);
        }
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
        loop().post(() -> {
            connection.close(CloseCode.INTERNAL_ERROR);
            throw new IllegalStateException("a frame could not be sent", cause);
        });
    }

    /**
     * Hands a frame to the connection and leaves the caller its reference. If that fails the session ends and the
     * origin is notified. On the session's loop.
     */
    public void send(Frame frame, @Nullable Origin origin) {
        deliver(frame.retain(), origin);
    }

    private void deliver(Frame frame, @Nullable Origin origin) {
        try {
            pass(frame, origin);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            fail(e);
            miss(origin); // behind the end of the session, which is the reason
        }
    }

    /** Sends a frame that is for this moment: a client that is away does not get it later. On the session's loop. */
    public void remark(Frame frame) {
        if (lasting != null) {
            lasting.remark(frame);
        } else {
            connection.send(frame);
        }
    }

    /** The client has received all through this number, see {@link LastingConnection#received}; -1 if it numbers nothing. */
    public int received(long sequence) {
        return lasting == null ? -1 : lasting.received(sequence);
    }

    private void pass(Frame frame, @Nullable Origin origin) {
        if (lasting != null) {
            lasting.send(frame, origin);
        } else {
            connection.send(frame);
        }
    }
}
