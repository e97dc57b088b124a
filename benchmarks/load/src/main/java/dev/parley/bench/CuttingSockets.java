// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.client.ClientSocket;
import dev.parley.client.ClientSockets;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Sockets that are lost after a random time, in the middle of whatever passes. */
final class CuttingSockets implements ClientSockets {

    /** The shortest life of a socket is the longest one divided by this. */
    private static final int LEAST = 5;

    private final ClientSockets usual = ClientSockets.usual();
    private final ScheduledExecutorService timer;
    private final Duration most;
    private final AtomicInteger cuts = new AtomicInteger();

    /** @param most how long a socket may last, and a fifth of it at least */
    CuttingSockets(ScheduledExecutorService timer, Duration most) {
        this.timer = timer;
        this.most = most;
    }

    /** Returns how many sockets were cut. */
    int cuts() {
        return cuts.get();
    }

    @Override
    public ClientSocket open(URI server, List<String> subprotocols, ClientSocket.Hearer hearer) {
        Until until = new Until(hearer);
        ClientSocket socket = usual.open(server, subprotocols, until);
        long nanos = ThreadLocalRandom.current().nextLong(most.toNanos() / LEAST, most.toNanos());
        timer.schedule(() -> cut(socket, until), nanos, TimeUnit.NANOSECONDS);
        return socket;
    }

    private void cut(ClientSocket socket, Until until) {
        socket.abort();
        if (until.end("cut")) {
            cuts.incrementAndGet();
        }
    }

    /** Hears nothing after the end, whoever told it. */
    private static final class Until implements ClientSocket.Hearer {

        private final ClientSocket.Hearer hearer;
        private final ReentrantLock lock = new ReentrantLock();
        private boolean isOver;

        Until(ClientSocket.Hearer hearer) {
            this.hearer = hearer;
        }

        @Override
        public void opened(String subprotocol) {
            unlessOver(() -> hearer.opened(subprotocol));
        }

        @Override
        public void heardPart() {
            unlessOver(hearer::heardPart);
        }

        @Override
        public void received(String text) {
            unlessOver(() -> hearer.received(text));
        }

        @Override
        public void ended(int code, String reason) {
            unlessOver(() -> {
                isOver = true;
                hearer.ended(code, reason);
            });
        }

        /** Whether this is the end. */
        boolean end(String why) {
            lock.lock();
            try {
                boolean wasOver = isOver;
                ended(ClientSocket.NO_CLOSE, why);
                return !wasOver;
            } finally {
                lock.unlock();
            }
        }

        private void unlessOver(Runnable step) {
            lock.lock();
            try {
                if (!isOver) {
                    step.run();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
