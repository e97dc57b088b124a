// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppLimits;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.port.Encoder;
import dev.parley.core.room.Rooms;
import dev.parley.core.session.SessionTerms;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The peers of one app on this node. Nothing of one app is seen by another. Safe from any thread. */
public final class Relay {

    private final Peers peers;
    private final Rooms rooms;
    private final Usage usage;
    private final SessionTerms terms;
    private volatile AppBounds bounds = AppBounds.of(AppLimits.defaults());

    /**
     * Nobody yet, and nothing limited.
     *
     * @param encoder the words its peers understand
     * @param secondsNow the time in seconds since 1970
     * @param window how long changes of a crowded room may wait to be told together, 0 if not at all
     * @param terms what all its sessions share
     */
    public Relay(Encoder encoder, LongSupplier secondsNow, Duration window, SessionTerms terms) {
        this.peers = new Peers(encoder);
        this.rooms = new Rooms(() -> bounds, encoder, window);
        this.usage = new Usage(secondsNow);
        this.terms = terms;
    }

    /** Who is connected. */
    public Peers peers() {
        return peers;
    }

    /** Where they meet. */
    public Rooms rooms() {
        return rooms;
    }

    /** How much they use. */
    public Usage usage() {
        return usage;
    }

    /** What all its sessions share. */
    public SessionTerms terms() {
        return terms;
    }

    /** What connections, their subscriptions and presence that waits take of the heap. */
    public ConnectionMemory memory() {
        return terms.connections();
    }

    /** From now on these limits count; nobody who is there has to leave for them. */
    public void become(AppLimits limits) {
        usage.become(limits);
        bounds = AppBounds.of(limits);
    }
}
