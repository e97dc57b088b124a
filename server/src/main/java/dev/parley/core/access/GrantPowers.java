// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import dev.parley.config.KeyRights;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be done, and in which channels.
 *
 * @param channels where one may subscribe and publish
 * @param actions what one may do
 * @param hasWildcards whether one may subscribe to patterns of channels
 * @param hasTurn whether the holder gets TURN servers
 */
public record GrantPowers(ChannelSet channels, Set<Action> actions, boolean hasWildcards, boolean hasTurn) {

    /** Keeps a copy. */
    public GrantPowers {
        actions = Set.copyOf(actions);
    }

    /** Returns the powers that these rights configure. */
    public static GrantPowers of(KeyRights rights) {
        return new GrantPowers(
                ChannelSet.of(rights.channels()), rights.actions(), rights.hasWildcards(), rights.hasTurn());
    }

    /** Why this may not be done in that channel, or null if it may. */
    public @Nullable GrantDenial denial(Action action, String channel) {
        if (!actions.contains(action)) {
            return GrantDenial.ACTION;
        }
        return channels.include(channel) ? null : GrantDenial.CHANNEL;
    }
}
