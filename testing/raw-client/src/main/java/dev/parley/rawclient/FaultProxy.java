// SPDX-License-Identifier: Apache-2.0
package dev.parley.rawclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * A network that fails: what connects to it is connected to a server behind it, until the fault that was chosen for the
 * connection. Threads of its own, two virtual ones each connection.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int CHUNK = 16_384;

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final ServerSocket entrance;
    private final int server;
    private final IntFunction<Fault> faults;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();

    /**
     * What becomes of one connection.
     *
     * @param kind what happens
     * @param atByte when so many bytes have passed, of both directions together, not one more does
     * @param after not before this time
     * @param delay how long every piece is held back on its way, before and after the fault
     */
    public record Fault(Kind kind, long atByte, Duration after, Duration delay) {

        /** Nothing ever happens. */
        public static final Fault NONE = new Fault(Kind.NONE, Long.MAX_VALUE, Duration.ZERO, Duration.ZERO);

        /** Both sockets are reset at this byte. */
        public static Fault cutAt(long atByte) {
            return new Fault(Kind.CUT, atByte, Duration.ZERO, Duration.ZERO);
        }

        /** Both sockets are reset so many bytes after this time has passed. */
        public static Fault cutAfter(Duration after, long bytes) {
            return new Fault(Kind.CUT, bytes, after, Duration.ZERO);
        }

        /** The same, and every piece is held back. */
        public Fault delayed(Duration time) {
            return new Fault(kind, atByte, after, time);
        }
    }

    /** What can happen to a connection. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** Both sides are reset. */
        CUT,
        /** The client's side is reset, the server's stays open and silent. */
        HALF_OPEN,
        /** Both sides stay open, and nothing passes any more. */
        STALL
    }

    /** In front of the server at this port, on any free port of the loopback address. */
    public FaultProxy(int server, IntFunction<Fault> faults) {
        this.server = server;
        this.faults = faults;
        try {
            this.entrance = new ServerSocket(0, 1024, loopback);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Where clients connect. */
    public int port() {
        return entrance.getLocalPort();
    }

    /** Connections there were. */
    public int connections() {
        return connections.get();
    }

    /** How many of them have had their fault. */
    public int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                open.add(client);
                Fault fault = faults.apply(connections.getAndIncrement());
                Thread.ofVirtual().start(() -> connect(client, fault));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void connect(Socket client, Fault fault) {
        try {
            Socket behind = new Socket(loopback, server);
            open.add(behind);
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            Connection connection = new Connection(client, behind, fault);
            Thread.ofVirtual().start(() -> connection.pass(behind, client));
            connection.pass(client, behind);
        } catch (IOException e) {
            reset(client);
        }
    }

    private void reset(Socket socket) {
        open.remove(socket);
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }

    /** Two sockets and what is between them. */
    private final class Connection {

        private final Socket client;
        private final Socket behind;
        private final Fault fault;
        private final long armedAt;

        /** Bytes that have passed since the fault was armed. */
        private final AtomicLong passed = new AtomicLong();

        private volatile boolean isFaulty;

        Connection(Socket client, Socket behind, Fault fault) {
            this.client = client;
            this.behind = behind;
            this.fault = fault;
            this.armedAt = System.nanoTime() + fault.after().toNanos();
        }

        void pass(Socket from, Socket to) {
            byte[] chunk = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                    hold();
                    int allowed = isFaulty ? 0 : allowed(count);
                    out.write(chunk, 0, allowed);
                    if (allowed < count && !happen()) {
                        return;
                    }
                }
                to.shutdownOutput();
            } catch (IOException e) {
                if (!isFaulty) {
                    reset(client);
                    reset(behind);
                }
            }
        }

        private void hold() {
            if (!fault.delay().isZero()) {
                LockSupport.parkNanos(fault.delay().toNanos());
            }
        }

        /** How many of these bytes may still pass. */
        private int allowed(int count) {
            if (fault.kind() == Kind.NONE || System.nanoTime() < armedAt) {
                return count;
            }
            long before = passed.getAndAdd(count);
            return (int) Math.max(0, Math.min(count, fault.atByte() - before));
        }

        /** Returns whether there is anything left to read. */
        private boolean happen() {
            if (!isFaulty) {
                isFaulty = true;
                cuts.incrementAndGet();
            }
            switch (fault.kind()) {
                case CUT -> {
                    reset(client);
                    reset(behind);
                    return false;
                }
                case HALF_OPEN -> {
                    reset(client);
                    return true;
                }
                case STALL -> {
                    return true;
                }
                case NONE -> {}
            }
            return true;
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        open.forEach(this::reset);
    }
}
