// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a credential claims for its holder of what its authority allows.
 *
 * @param channels null for all of them
 * @param actions null for all of them
 */
public record ClaimedRights(
        @Nullable ChannelSet channels, @Nullable Set<Action> actions) {

    /** All the authority allows. */
    public static final ClaimedRights ALL = new ClaimedRights(null, null);

    boolean includes(Action action) {
        return actions == null || actions.contains(action);
    }

    boolean includes(String channel) {
        return channels == null || channels.include(channel);
    }

    boolean covers(ChannelPattern pattern) {
        return channels == null || channels.cover(pattern);
    }

    boolean names(String channel) {
        return channels == null || channels.name(channel);
    }
}
