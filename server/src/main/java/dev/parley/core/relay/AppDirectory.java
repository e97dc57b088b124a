// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppLimits;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.SessionTerms;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The peers of one app on this node. Nothing of one app is seen by another. Safe from any thread. */
public final class AppDirectory {

    private final PeerRegistry peers;
    private final RoomRegistry rooms;
    private final AppExchange exchange;
    private final AppUsage usage;
    private final SessionTerms terms;
    private volatile AppBounds bounds = AppBounds.of(AppLimits.defaults());

    /**
     * A directory without sessions and without limits.
     *
     * @param secondsNow the time in seconds since 1970
     * @param window how long changes of a crowded room may wait to be announced together, 0 if not at all
     * @param terms what all its sessions share
     */
    public AppDirectory(LongSupplier secondsNow, Duration window, SessionTerms terms) {
        this(secondsNow, window, terms, (peers, rooms, usage) -> new LocalExchange(peers, rooms));
    }

    /** Makes what decides for these peers in these rooms. */
    interface ExchangeMaker {
        AppExchange make(PeerRegistry peers, RoomRegistry rooms, AppUsage usage);
    }

    /** @param exchange decides for the peers and rooms of the app */
    AppDirectory(LongSupplier secondsNow, Duration window, SessionTerms terms, ExchangeMaker exchange) {
        this.peers = new PeerRegistry();
        this.rooms = new RoomRegistry(() -> bounds, window);
        this.usage = new AppUsage(secondsNow);
        this.exchange = exchange.make(peers, rooms, usage);
        this.terms = terms;
    }

    /** Returns the connected peers. */
    public PeerRegistry peers() {
        return peers;
    }

    /** Returns the rooms of the app. */
    public RoomRegistry rooms() {
        return rooms;
    }

    /** Returns the exchange that decides for the app. */
    public AppExchange exchange() {
        return exchange;
    }

    /** Returns the usage of the app. */
    public AppUsage usage() {
        return usage;
    }

    /** Returns what all sessions of the app share. */
    public SessionTerms terms() {
        return terms;
    }

    /** What connections, their subscriptions and presence that waits take of the heap. */
    public ConnectionMemory memory() {
        return terms.connections();
    }

    /** Sets the limits. Connected clients beyond them stay. */
    public void setLimits(AppLimits limits) {
        usage.setLimits(limits);
        bounds = AppBounds.of(limits);
    }
}
