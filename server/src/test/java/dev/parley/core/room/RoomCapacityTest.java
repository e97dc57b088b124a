// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.PeerIdentity;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import org.junit.jupiter.api.Test;

/** Which peers get the places of a room with a capacity. */
class RoomCapacityTest {

    private static final int LARGE = 40;
    private static final int SMALL = 16;

    private final SimulatedLoop loop = new SimulatedLoop();
    private int connections;

    @Test
    void oneAddressTakesHalfOfALargeRoomAndLeavesTheRestToOthers() {
        RoomRegistry rooms = rooms(LARGE);

        assertThat(enter(rooms, "attacker", 100)).isEqualTo(LARGE / 2);
        for (int i = 0; i < LARGE / 2; i++) {
            assertThat(isIn(rooms, "home " + i, "peer " + i)).isTrue();
        }
        assertThat(isIn(rooms, "late", "late")).isFalse();
    }

    @Test
    void oneAddressTakesAllPlacesOfASmallRoom() {
        assertThat(enter(rooms(2), "office", 100)).isEqualTo(2);
        assertThat(enter(rooms(SMALL), "office", 100)).isEqualTo(SMALL);
    }

    @Test
    void connectionsOfAPeerThatIsInCountForNothing() {
        RoomRegistry rooms = rooms(LARGE);
        for (int i = 0; i < 100; i++) {
            assertThat(isIn(rooms, "office", "same")).isTrue();
        }

        assertThat(enter(rooms, "office", 100)).isEqualTo(LARGE / 2 - 1);
        assertThat(isIn(rooms, "office", "same")).isTrue();
        assertThat(isIn(rooms, "home", "other")).isTrue();
    }

    /** How many of so many peers of an address get in. */
    private int enter(RoomRegistry rooms, String address, int peers) {
        int admitted = 0;
        for (int i = 0; i < peers; i++) {
            admitted += isIn(rooms, address, address + i) ? 1 : 0;
        }
        return admitted;
    }

    private boolean isIn(RoomRegistry rooms, String address, String peerId) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {});
        Session session =
                new PlainSession(connection, new PeerIdentity(peerId, null), address, Terms.unlimited(), event -> null);
        return rooms.listen("room", session, new MemberInterest(false, false)) instanceof EntryResult.Admitted;
    }

    private static RoomRegistry rooms(int capacity) {
        return new RoomRegistry(() -> name -> capacity);
    }
}
