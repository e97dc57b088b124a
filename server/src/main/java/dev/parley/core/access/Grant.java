// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import dev.parley.core.port.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What a credential allows its holder: what it claims, as far as the authority behind it allows that at the time of
 * use.
 *
 * @param app whose peers and channels it reaches
 * @param peer what others see of the holder
 * @param authority what it rests on
 * @param claimed what it claims
 * @param expiresAt when it ends, in seconds since 1970; {@link #NEVER} if it does not
 * @param metadata what the holder learns about itself, as the text of a JSON object
 */
public record Grant(
        App app,
        PeerIdentity peer,
        GrantAuthority authority,
        ClaimedRights claimed,
        long expiresAt,
        @Nullable String metadata) {

    /** Ends with the connection. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Returns the same grant for another peer. */
    public Grant withPeer(PeerIdentity other) {
        return new Grant(app, other, authority, claimed, expiresAt, metadata);
    }

    /** Whether it may do this. */
    public boolean allows(Action action) {
        return claimed.includes(action) && authority.powers().actions().contains(action);
    }

    /** Why it may not do this in that channel, or null if it may. */
    public @Nullable GrantDenial denial(Action action, String channel) {
        if (!allows(action)) {
            return GrantDenial.ACTION;
        }
        boolean isCovered =
                claimed.includes(channel) && authority.powers().channels().include(channel);
        return isCovered ? null : GrantDenial.CHANNEL;
    }

    /** Returns why the holder may not subscribe to a pattern; null if it may. */
    public @Nullable GrantDenial denial(Action action, ChannelPattern pattern) {
        if (!allows(action)) {
            return GrantDenial.ACTION;
        }
        GrantPowers powers = authority.powers();
        boolean isCovered = powers.hasWildcards()
                && claimed.covers(pattern)
                && powers.channels().cover(pattern);
        return isCovered ? null : GrantDenial.CHANNEL;
    }

    /**
     * Whether asterisks in the channel's name are meant as such: its authority, and what it claims, name them, or
     * nothing could be meant by a pattern.
     */
    public boolean names(String channel) {
        GrantPowers powers = authority.powers();
        return !powers.hasWildcards()
                || (claimed.names(channel) && powers.channels().name(channel));
    }
}
