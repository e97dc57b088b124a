// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppLimits;
import dev.parley.config.RoomCapacity;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.room.RoomBounds;
import java.util.List;

/** Capacities of the channels of one app, from one configuration. */
record AppBounds(List<Bound> channels, int patterns) implements RoomBounds {

    /** How many peers fit into the channels of a pattern. */
    private record Bound(ChannelPattern channels, int peers) {

        static Bound of(RoomCapacity capacity) {
            return new Bound(ChannelPattern.of(capacity.channels()), capacity.peers());
        }
    }

    static AppBounds of(AppLimits limits) {
        return new AppBounds(limits.capacity().stream().map(Bound::of).toList(), limits.patterns());
    }

    @Override
    public int peers(String channel) {
        for (Bound bound : channels) {
            if (bound.channels().matches(channel)) {
                return bound.peers();
            }
        }
        return Integer.MAX_VALUE;
    }
}
