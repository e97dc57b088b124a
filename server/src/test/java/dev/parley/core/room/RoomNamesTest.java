// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.PeerIdentity;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The index of the names of rooms. */
class RoomNamesTest {

    private static final int THREADS = 4;
    private static final int CHANGES = 20_000;
    private static final int NAMES = 20;

    private final RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);

    @Test
    void itHasTheRoomsThereAreWhateverComesAndGoesAtOnce() throws Exception {
        List<Callable<Map<String, RoomMember>>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int seed = i;
            all.add(() -> comeAndGo(session("p" + seed), new Random(seed)));
        }
        Set<String> held = new TreeSet<>();
        List<RoomMember> members = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Map<String, RoomMember>> done : threads.invokeAll(all)) {
                held.addAll(done.get().keySet());
                members.addAll(done.get().values());
            }
        }

        assertThat(rooms.names().from("", Integer.MAX_VALUE)).containsExactlyElementsOf(held);
        members.forEach(RoomMember::leave);
        assertThat(rooms.names().from("", Integer.MAX_VALUE)).isEmpty();
        assertThat(rooms.count()).isZero();
    }

    private Map<String, RoomMember> comeAndGo(Session session, Random random) {
        Map<String, RoomMember> held = new HashMap<>();
        for (int i = 0; i < CHANGES; i++) {
            String name = "room-" + random.nextInt(NAMES);
            RoomMember member = held.remove(name);
            if (member == null) {
                held.put(name, listen(name, session));
            } else {
                member.leave();
            }
        }
        return held;
    }

    @Test
    void aNameThatUtf8CannotHoldIsNotInIt() {
        Session session = session("p");
        for (String name : List.of("a\uD800", "\uDC00", "a\uDC00\uD800b", "\uD83D\uDE00", "plain")) {
            listen(name, session);
        }

        assertThat(rooms.names().from("", 10)).containsExactly("plain", "\uD83D\uDE00");
        assertThat(rooms.count()).isEqualTo(5);
    }

    private RoomMember listen(String name, Session session) {
        if (!(rooms.listen(name, session, MemberInterest.of(false, false)) instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        return admitted.member();
    }

    private static Session session(String id) {
        return new PlainSession(
                new SimulatedConnection(1, new SimulatedLoop(), (client, frame) -> {}),
                new PeerIdentity(id, null),
                "key",
                Terms.unlimited(),
                event -> null);
    }
}
