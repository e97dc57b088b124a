// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * What the connections of one app take of the heap, about, with their subscriptions, the presence that waits for them
 * and the signals of theirs that wait. Connections of one app at one address have an equal share with those of others,
 * so that no client can fill the heap and end the server. Keeps nothing for a connection: whoever takes memory says
 * what it was when it gives it back. Safe from any thread.
 */
public final class ConnectionMemory {

    /** A connection that is only there, about. Bytes. */
    private static final int CONNECTION_BYTES = 4 << 10;

    /** A subscription without its name, about. Bytes. */
    private static final int SUBSCRIPTION_BYTES = 512;

    private final FairShares heap;
    private final App app;

    private record Holder(App app, Object address) {}

    /** @param heap shared with other apps */
    public ConnectionMemory(FairShares heap, App app) {
        this.heap = heap;
        this.app = app;
    }

    /** Returns how many connections without subscriptions have memory. */
    public static long connections(FairShares heap) {
        return heap.limit() / CONNECTION_BYTES;
    }

    /** Returns about how many bytes a subscription to this channel takes. */
    public static int ofSubscription(String channel) {
        return SUBSCRIPTION_BYTES + Character.BYTES * channel.length();
    }

    /**
     * Takes memory for one more connection; false if it is used up.
     *
     * @param address what connections of one address have in common, see {@link SenderPace#address}
     */
    public boolean takeConnection(Object address) {
        return heap.take(new Holder(app, address), CONNECTION_BYTES);
    }

    /** Gives that of one connection back. */
    public void giveConnection(Object address) {
        heap.give(new Holder(app, address), CONNECTION_BYTES);
    }

    /** Takes memory for one more subscription of a connection; false if it is used up. */
    public boolean takeSubscription(Object address, String channel) {
        return heap.take(new Holder(app, address), ofSubscription(channel));
    }

    /** Takes memory for presence that waits for a connection; false if it is used up. */
    public boolean takePresence(Object address, int bytes) {
        return heap.take(new Holder(app, address), bytes);
    }

    /** Gives that of presence back. */
    public void givePresence(Object address, int bytes) {
        heap.give(new Holder(app, address), bytes);
    }

    /** Takes memory for a signal of a connection that waits to be decided; false if it is used up. */
    public boolean takeSignal(Object address, int bytes) {
        return heap.take(new Holder(app, address), bytes);
    }

    /** Gives that of a signal back. */
    public void giveSignal(Object address, int bytes) {
        heap.give(new Holder(app, address), bytes);
    }

    /**
     * Gives that of subscriptions back.
     *
     * @param bytes the sum of {@link #ofSubscription} for their channels
     */
    public void giveSubscriptions(Object address, int bytes) {
        if (bytes > 0) {
            heap.give(new Holder(app, address), bytes);
        }
    }
}
