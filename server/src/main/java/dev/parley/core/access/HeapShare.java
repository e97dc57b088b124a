// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one connection takes of the heap: itself and its subscriptions, about. Connections of one app at one address have an
 * equal share with those of others, so that nobody can fill the heap and end the server. On the connection's loop.
 */
public final class HeapShare {

    /** A connection that is only there, about. Bytes. */
    private static final int CONNECTION_BYTES = 4 << 10;

    /** A subscription without its name, about. Bytes. */
    private static final int SUBSCRIPTION_BYTES = 512;

    private final FairShares heap;
    private final Holder holder;

    /** Bytes. */
    private int held;

    private record Holder(App app, Object address) {}

    private HeapShare(FairShares heap, Holder holder) {
        this.heap = heap;
        this.holder = holder;
    }

    /** The share of a new connection, until {@link #end}; null if there is no memory for it. */
    public static @Nullable HeapShare of(FairShares heap, App app, InetAddress client) {
        HeapShare share = new HeapShare(heap, new Holder(app, SenderPace.address(client)));
        return share.take(CONNECTION_BYTES) ? share : null;
    }

    /** Returns how many connections without subscriptions have memory. */
    public static long connections(FairShares heap) {
        return heap.limit() / CONNECTION_BYTES;
    }

    /** Takes memory for one more subscription; false if there is none. */
    public boolean takeSubscription(String channel) {
        return take(bytes(channel));
    }

    /** Gives that of one subscription back. */
    public void giveSubscription(String channel) {
        int bytes = bytes(channel);
        held -= bytes;
        heap.give(holder, bytes);
    }

    /** Gives everything back: the connection is over. Further calls do nothing. */
    public void end() {
        if (held > 0) {
            heap.give(holder, held);
            held = 0;
        }
    }

    private boolean take(int bytes) {
        boolean isTaken = heap.take(holder, bytes);
        if (isTaken) {
            held += bytes;
        }
        return isTaken;
    }

    private static int bytes(String channel) {
        return SUBSCRIPTION_BYTES + Character.BYTES * channel.length();
    }
}
