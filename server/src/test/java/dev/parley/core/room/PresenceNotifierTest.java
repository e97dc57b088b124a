// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large rooms: notifications come in parts that clients accept. */
class PresenceNotifierTest {

    private static final int PART = 3_500;

    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<SessionEvent> events = new ArrayList<>();
    private final PresenceNotifier notifier = new PresenceNotifier("room", null);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void peersThatAreWaitedForOrAreBackComeInParts(boolean areBack) {
        List<String> ids =
                IntStream.range(0, 2 * PART + 1).mapToObj(i -> "p" + i).toList();
        notifier.absence(ids, areBack, member());

        assertThat(events)
                .containsExactly(
                        new SessionEvent.Waiting("room", ids.subList(0, PART), areBack),
                        new SessionEvent.Waiting("room", ids.subList(PART, 2 * PART), areBack),
                        new SessionEvent.Waiting("room", ids.subList(2 * PART, ids.size()), areBack));
    }

    @Test
    void fewPeersThatAreWaitedForComeInOnePartAndNobodyInNone() {
        notifier.absence(List.of("p"), false, member());
        notifier.absence(List.of(), false, member());

        assertThat(events).containsExactly(new SessionEvent.Waiting("room", List.of("p"), false));
    }

    private RoomMember member() {
        RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
        SimulatedConnection connection = new SimulatedConnection(1, loop, (client, frame) -> {});
        Session session =
                new PlainSession(connection, new PeerIdentity("me", null), "key", Terms.unlimited(), this::encode);
        if (!(rooms.listen("room", session, new MemberInterest(true, false))
                instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        return admitted.member();
    }

    private Frame encode(SessionEvent event) {
        events.add(event);
        return frames.text(TextPayload.of("event"));
    }
}
