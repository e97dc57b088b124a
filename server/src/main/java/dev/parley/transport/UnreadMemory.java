// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps direct memory free by closing connections whose clients do not read.
 *
 * <p>What a client was sent and has not read is bounded for each connection, but not for all of them. When hardly any
 * memory is left, connections of the address that leaves most unread are closed, those with most first, until some
 * memory is free. So clients that do not read cannot take the memory that all others need.
 *
 * <p>Safe from any thread.
 */
final class UnreadMemory {

    private static final Logger log = LoggerFactory.getLogger(UnreadMemory.class);

    /** The least time between two looks at the memory in use, as counting it takes a lock. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final long step;
    private final BooleanSupplier isShort;

    /** Connections with more unsent data than the socket's write buffer is meant for. */
    private final Set<WebSocketConnection> unwritable = ConcurrentHashMap.newKeySet();

    /** Connections that are being closed and still hold their memory. */
    private final AtomicInteger closing = new AtomicInteger();

    private volatile long checkedAt = System.nanoTime() - PAUSE_NANOS;

    /** What one address leaves unread. Bytes. */
    private static final class Client {
        final List<Unread> connections = new ArrayList<>();
        long bytes;
    }

    private record Unread(WebSocketConnection connection, long bytes) {}

    /**
     * An instance without connections.
     *
     * @param step bytes to free at a time
     * @param isShort returns whether hardly any memory is left
     */
    UnreadMemory(long step, BooleanSupplier isShort) {
        this.step = step;
        this.isShort = isShort;
    }

    /** Adds a connection that is not writable, until {@link #remove}. */
    void add(WebSocketConnection connection) {
        unwritable.add(connection);
    }

    void remove(WebSocketConnection connection) {
        unwritable.remove(connection);
    }

    /** Closes connections if hardly any memory is left. */
    void check() {
        long now = System.nanoTime();
        if (now - checkedAt < PAUSE_NANOS) {
            return;
        }
        checkedAt = now;
        if (isShort.getAsBoolean() && closing.compareAndSet(0, 1)) {
            try {
                free();
            } finally {
                closing.decrementAndGet();
            }
        }
    }

    private void free() {
        Client largest = largestClient();
        if (largest == null) {
            return;
        }
        largest.connections.sort(Comparator.comparingLong(Unread::bytes).reversed());
        long freed = 0;
        int count = 0;
        for (Unread unread : largest.connections) {
            if (freed >= step) {
                break;
            }
            freed += unread.bytes();
            count++;
            close(unread.connection());
        }
        log.warn(
                "direct memory is nearly full: closing {} connections of {}, which leave {} bytes unread",
                count,
                AddressRange.ofClient(
                        largest.connections.getFirst().connection().client()),
                freed);
    }

    private void close(WebSocketConnection connection) {
        closing.incrementAndGet();
        connection.loop().post(() -> {
            try {
                connection.closeUnread();
            } finally {
                closing.decrementAndGet();
            }
        });
    }

    private @Nullable Client largestClient() {
        Map<AddressRange, Client> clients = new HashMap<>();
        for (WebSocketConnection connection : unwritable) {
            Client client = clients.computeIfAbsent(AddressRange.ofClient(connection.client()), it -> new Client());
            long bytes = connection.unflushedBytes();
            client.connections.add(new Unread(connection, bytes));
            client.bytes += bytes;
        }
        return clients.values().stream()
                .max(Comparator.comparingLong(it -> it.bytes))
                .orElse(null);
    }
}
