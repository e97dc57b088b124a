// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

/**
 * What a member receives besides signals.
 *
 * @param presence whether it receives the roster of the room, and its changes
 * @param senderMetadata whether signals show what their sender shows of itself
 */
public record MemberInterest(boolean presence, boolean senderMetadata) {

    private static final MemberInterest[] ALL = {
        new MemberInterest(false, false),
        new MemberInterest(false, true),
        new MemberInterest(true, false),
        new MemberInterest(true, true)
    };

    /** The one of these: there are as many members as there are clients, but only four interests. */
    public static MemberInterest of(boolean presence, boolean senderMetadata) {
        return ALL[(presence ? 2 : 0) + (senderMetadata ? 1 : 0)];
    }
}
