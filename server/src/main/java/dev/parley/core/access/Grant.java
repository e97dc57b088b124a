// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import dev.parley.core.port.Peer;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a credential allows its holder.
 *
 * @param app whose peers and channels it reaches
 * @param peer what others see of the holder
 * @param actions what it may do
 * @param channels where it may subscribe and publish
 */
public record Grant(App app, Peer peer, Set<Action> actions, Predicate<String> channels) {

    /** Keeps a copy. */
    public Grant {
        actions = Set.copyOf(actions);
    }

    /** Whether it may do this. */
    public boolean allows(Action action) {
        return actions.contains(action);
    }

    /** Why it may not do this in that channel, or null if it may. */
    public @Nullable Denial denial(Action action, String channel) {
        if (!allows(action)) {
            return Denial.ACTION;
        }
        return channels.test(channel) ? null : Denial.CHANNEL;
    }
}
