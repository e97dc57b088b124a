// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.PeerIdentity;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chain of a session's places in rooms. */
class RoomMembershipTest {

    private final Session session = new PlainSession(
            new SimulatedConnection(1, new SimulatedLoop(), (client, frame) -> {}),
            new PeerIdentity("p", null),
            "key",
            Terms.unlimited(),
            event -> null);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theChainHoldsWhatWasAddedAndNotRemovedTheNewestFirst(long seed) {
        Random random = new Random(seed);
        List<Place> truth = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (truth.isEmpty() || random.nextInt(100) < 52) {
                Place added = new Place("r" + i);
                session.add(added);
                truth.addFirst(added);
            } else {
                session.remove(truth.remove(random.nextInt(truth.size())));
            }
            assertThat(chain(session.newestMembership())).isEqualTo(rooms(truth));
        }
    }

    @Test
    void whatIsNotInTheChainIsRemovedWithoutEffect() {
        Place first = new Place("a");
        Place second = new Place("b");
        session.remove(first);
        session.add(first);
        session.add(second);
        session.remove(new Place("c"));
        session.remove(first);
        session.remove(first);

        assertThat(chain(session.newestMembership())).containsExactly("b");
    }

    @Test
    void whoStandsAtAPlaceThatIsRemovedFindsTheRestOfTheChain() {
        Place oldest = new Place("a");
        Place middle = new Place("b");
        session.add(oldest);
        session.add(middle);
        session.add(new Place("c"));
        session.remove(middle);

        assertThat(chain(middle)).containsExactly("b", "a");
    }

    private static List<String> chain(@Nullable RoomMembership head) {
        List<String> rooms = new ArrayList<>();
        for (RoomMembership it = head; it != null; it = it.older()) {
            rooms.add(it.room());
        }
        return rooms;
    }

    private static List<String> rooms(List<Place> places) {
        return places.stream().map(Place::room).toList();
    }

    private static final class Place extends RoomMembership {

        private final String room;

        Place(String room) {
            this.room = room;
        }

        @Override
        public String room() {
            return room;
        }

        @Override
        public boolean isEntered() {
            return true;
        }
    }
}
