// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Action;
import dev.parley.config.ServerSettings;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantDenial;
import dev.parley.core.access.NameRules;
import dev.parley.core.port.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What a client may ask for, by its grant.
 *
 * @param hasWildcards whether names with asterisks are patterns
 * @param dataBytes the largest data of a signal
 */
record GrantRules(boolean hasWildcards, int dataBytes) {

    static GrantRules of(ServerSettings settings) {
        return new GrantRules(
                settings.services().hasWildcards(), settings.limits().message().dataBytes());
    }

    /** Returns why the client may not send this to a peer, null if it may. */
    @Nullable
    ErrorCode fault(Grant grant, ClientMessage.Send message) {
        if (message.to() == null || !NameRules.isPeerId(message.to())) {
            return ErrorCode.INVALID_PEER_ID;
        }
        return grant.allows(Action.SEND) ? fault(message.data()) : ErrorCode.ACTION_NOT_PERMITTED;
    }

    /** Returns why the client may not publish this, null if it may. */
    @Nullable
    ErrorCode fault(Grant grant, ClientMessage.Publish message) {
        if (message.channel() == null || !NameRules.isChannel(message.channel())) {
            return ErrorCode.INVALID_CHANNEL;
        }
        ErrorCode fault = fault(grant, message.channel(), Action.PUBLISH);
        return fault == null ? fault(message.data()) : fault;
    }

    private @Nullable ErrorCode fault(@Nullable Payload data) {
        if (data == null) {
            return ErrorCode.MISSING_DATA;
        }
        return data.length() > dataBytes ? ErrorCode.MESSAGE_TOO_BIG : null;
    }

    /** Returns the channel's name as a pattern if the client means one, else null. */
    @Nullable
    ChannelPattern pattern(Grant grant, String channel) {
        if (!hasWildcards || channel.indexOf('*') < 0) {
            return null;
        }
        ChannelPattern pattern = ChannelPattern.of(channel);
        return pattern.isWild() && !grant.names(channel) ? pattern : null;
    }

    /**
     * Returns why the client may not subscribe to a channel, null if it may.
     *
     * @param pattern the channel's name as a pattern if it is meant as one
     */
    @Nullable
    ErrorCode fault(Grant grant, String channel, @Nullable ChannelPattern pattern) {
        if (pattern == null) {
            return fault(grant, channel, Action.SUBSCRIBE);
        }
        return NameRules.isReserved(pattern.toString())
                ? ErrorCode.CHANNEL_RESERVED
                : code(grant.denial(Action.SUBSCRIBE, pattern));
    }

    private @Nullable ErrorCode fault(Grant grant, String channel, Action action) {
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
