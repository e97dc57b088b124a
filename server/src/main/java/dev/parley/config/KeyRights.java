// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a key allows.
 *
 * @param channels patterns of the channels in which it holds, see docs/protocol.md under "Channel patterns"
 * @param actions what may be done
 * @param hasWildcards whether one may subscribe to patterns of channels, and so hear of channels one cannot name
 * @param hasTurn whether its holders get TURN servers with credentials
 */
public record KeyRights(List<String> channels, Set<Action> actions, boolean hasWildcards, boolean hasTurn) {

    /** Keeps copies. */
    public KeyRights {
        channels = List.copyOf(channels);
        actions = Set.copyOf(actions);
    }

    /** Rights that include wildcards and no TURN credentials. */
    public KeyRights(List<String> channels, Set<Action> actions) {
        this(channels, actions, true, false);
    }

    /** Returns all rights in all channels, without TURN credentials. */
    public static KeyRights all() {
        return new KeyRights(List.of("**"), EnumSet.allOf(Action.class));
    }
}
