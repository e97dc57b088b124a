// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.SessionId;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the members of a room see of sessions on other nodes. */
class RemoteSessionsTest {

    private static final MemberInterest PRESENCE = MemberInterest.of(true, false);

    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final ClientProtocol protocol = this::encode;
    private final RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
    private final DecidedRooms decided = new DecidedRooms(rooms);
    private final List<String> seen = new ArrayList<>();
    private final RoomMember member = decided.listen("room", session("here", seen), PRESENCE, false, List.of());

    @Test
    void aMemberSeesWhoIsThereWhoComesAndWhoLeaves() {
        decided.put("room", entry("a", 1));
        member.enter();
        decided.put("room", entry("b", 2));
        decided.remove("room", id(1));
        run();

        assertThat(seen).containsExactly("=a", "+b", "-a");
    }

    @Test
    void membersThatAreThereSeeWhoTheRosterOfALaterOneNamesFirst() {
        member.enter();
        run();
        decided.listen("room", session("later", new ArrayList<>()), PRESENCE, false, List.of(entry("a", 1)));
        run();

        assertThat(seen).containsExactly("=", "+a");
    }

    @Test
    void aPeerIsThereAsLongAsOneOfItsSessionsIsOnWhateverNode() {
        member.enter();
        decided.put("room", entry("a", 1));
        RoomMember own = decided.listen("room", session("a", new ArrayList<>()), PRESENCE, false, null);
        own.enter();
        decided.put("room", entry("a", 2));
        decided.remove("room", id(1));
        own.leave();
        run();
        assertThat(seen).containsExactly("=", "+a");
        decided.remove("room", id(2));
        run();

        assertThat(seen).containsExactly("=", "+a", "-a");
    }

    @Test
    void whoIsNotPutAgainInTimeAfterALossLeaves() {
        member.enter();
        decided.put("room", entry("a", 1));
        decided.put("room", entry("b", 2));
        decided.unconfirm();
        decided.put("room", entry("a", 1));
        run();
        loop.advance(Duration.ofSeconds(5));
        run();

        assertThat(seen).containsExactly("=", "+a", "+b", "-b");
    }

    @Test
    void whoALaterRosterLacksLeavesThoughItWasConfirmedBefore() {
        member.enter();
        decided.put("room", entry("a", 1));
        decided.unconfirm();
        decided.replace("room", List.of(entry("a", 1)));
        loop.advance(Duration.ofSeconds(3));
        decided.replace("room", List.of());
        loop.advance(Duration.ofSeconds(3));
        run();
        assertThat(seen).containsExactly("=", "+a");
        loop.advance(Duration.ofSeconds(1));
        run();

        assertThat(seen).containsExactly("=", "+a", "-a");
    }

    private Session session(String peer, List<String> frames) {
        SimulatedConnection connection =
                new SimulatedConnection(1, loop, (client, frame) -> frames.add(frame.substring("text ".length())));
        return new PlainSession(connection, new PeerIdentity(peer, null), "key", Terms.unlimited(), protocol);
    }

    private static SessionId id(int number) {
        return new SessionId("elsewhere", number);
    }

    private static RosterEntry entry(String peer, int number) {
        return new RosterEntry(id(number), new PeerIdentity(peer, null), false);
    }

    private void run() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }

    private Frame encode(SessionEvent event) {
        return frames.text(TextPayload.of(
                switch (event) {
                    case SessionEvent.Roster roster -> "=" + ids(roster.others());
                    case SessionEvent.Changed changed ->
                        changed.joined().isEmpty() ? "-" + ids(changed.left()) : "+" + ids(changed.joined());
                    default -> event.toString();
                }));
    }

    private static String ids(List<PeerIdentity> peers) {
        return peers.stream().map(PeerIdentity::id).collect(Collectors.joining(","));
    }
}
