// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppSettings;
import dev.parley.config.Capacity;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.port.Encoder;
import dev.parley.core.room.Rooms;
import java.util.List;
import java.util.function.LongSupplier;

/** The peers of one app on this node. Nothing of one app is seen by another. Safe from any thread. */
public final class Relay {

    private final Peers peers;
    private final Rooms rooms;
    private final Usage usage;
    private volatile List<Bound> bounds = List.of();

    /** How many peers fit into the channels of a pattern. */
    private record Bound(ChannelPattern channels, int peers) {}

    /**
     * Nobody yet, and nothing limited.
     *
     * @param encoder the words its peers understand
     * @param secondsNow the time in seconds since 1970
     */
    public Relay(Encoder encoder, LongSupplier secondsNow) {
        this.peers = new Peers(encoder);
        this.rooms = new Rooms(this::capacity, encoder);
        this.usage = new Usage(secondsNow);
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

    /** From now on these limits count; nobody who is there has to leave for them. */
    public void become(AppSettings settings) {
        usage.become(settings);
        bounds = settings.capacity().stream().map(Relay::bound).toList();
    }

    private static Bound bound(Capacity capacity) {
        return new Bound(ChannelPattern.of(capacity.channels()), capacity.peers());
    }

    private int capacity(String channel) {
        for (Bound bound : bounds) {
            if (bound.channels().matches(channel)) {
                return bound.peers();
            }
        }
        return Integer.MAX_VALUE;
    }
}
