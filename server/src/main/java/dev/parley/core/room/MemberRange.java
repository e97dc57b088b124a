// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Loop;

/** Splits the members of a room into those that can be sent the same frame in one task. */
final class MemberRange {

    private MemberRange() {}

    /**
     * Returns the place behind the last of the members that follow each other from here and share loop and protocol.
     */
    @SuppressWarnings("ReferenceEquality") // a loop and a protocol are nothing but themselves
    static int end(RoomMember[] members, int from) {
        Loop loop = members[from].session().loop();
        ClientProtocol protocol = members[from].session().protocol();
        int to = from + 1;
        while (to < members.length
                && members[to].session().loop() == loop
                && members[to].session().protocol() == protocol) {
            to++;
        }
        return to;
    }
}
