// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Action;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantDenial;
import dev.parley.core.access.NameRules;
import org.jspecify.annotations.Nullable;

/**
 * What a client may do in which channels.
 *
 * @param hasWildcards whether names with asterisks are patterns
 */
record ChannelRules(boolean hasWildcards) {

    /** Returns the channel's name as a pattern if the client means one, else null. */
    @Nullable
    ChannelPattern pattern(Grant grant, String channel) {
        if (!hasWildcards || channel.indexOf('*') < 0) {
            return null;
        }
        ChannelPattern pattern = ChannelPattern.of(channel);
        return pattern.isWild() && !grant.names(channel) ? pattern : null;
    }

    /** Returns why the client may not subscribe to a pattern, null if it may. */
    @Nullable
    ErrorCode fault(Grant grant, ChannelPattern pattern) {
        return NameRules.isReserved(pattern.toString())
                ? ErrorCode.CHANNEL_RESERVED
                : code(grant.denial(Action.SUBSCRIBE, pattern));
    }

    /** Returns why the client may not do this in a channel, null if it may. */
    @Nullable
    ErrorCode fault(Grant grant, String channel, Action action) {
        return NameRules.isReserved(channel) ? ErrorCode.CHANNEL_RESERVED : code(grant.denial(action, channel));
    }

    private static @Nullable ErrorCode code(@Nullable GrantDenial denial) {
        return switch (denial) {
            case ACTION -> ErrorCode.ACTION_NOT_PERMITTED;
            case CHANNEL -> ErrorCode.CHANNEL_NOT_AUTHORIZED;
            case null -> null;
        };
    }
}
