// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import dev.parley.config.Rights;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be done, and in which channels.
 *
 * @param channels where one may subscribe and publish
 * @param actions what one may do
 * @param hasWildcards whether one may subscribe to patterns of channels
 * @param hasTurn whether one is told of TURN servers
 */
public record Powers(Channels channels, Set<Action> actions, boolean hasWildcards, boolean hasTurn) {

    /** Keeps a copy. */
    public Powers {
        actions = Set.copyOf(actions);
    }

    /** As configured. */
    public static Powers of(Rights rights) {
        return new Powers(Channels.of(rights.channels()), rights.actions(), rights.hasWildcards(), rights.hasTurn());
    }

    /** Why this may not be done in that channel, or null if it may. */
    public @Nullable Denial denial(Action action, String channel) {
        if (!actions.contains(action)) {
            return Denial.ACTION;
        }
        return channels.include(channel) ? null : Denial.CHANNEL;
    }
}
