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
    private final List<String> seen = new ArrayList<>();
    private final RoomMember member = rooms.listenDecided("room", session("here", seen), PRESENCE, false, List.of());

    @Test
    void aMemberSeesWhoIsThereWhoComesAndWhoLeaves() {
        rooms.putRemote("room", entry("a", 1));
        member.enter();
        rooms.putRemote("room", entry("b", 2));
        rooms.removeRemote("room", id(1));
        run();

        assertThat(seen).containsExactly("=a", "+b", "-a");
    }

    @Test
    void membersThatAreThereSeeWhoTheRosterOfALaterOneNamesFirst() {
        member.enter();
        run();
        rooms.listenDecided("room", session("later", new ArrayList<>()), PRESENCE, false, List.of(entry("a", 1)));
        run();

        assertThat(seen).containsExactly("=", "+a");
    }

    @Test
    void aPeerIsThereAsLongAsOneOfItsSessionsIsOnWhateverNode() {
        member.enter();
        rooms.putRemote("room", entry("a", 1));
        RoomMember own = rooms.listenDecided("room", session("a", new ArrayList<>()), PRESENCE, false, null);
        own.enter();
        rooms.putRemote("room", entry("a", 2));
        rooms.removeRemote("room", id(1));
        own.leave();
        run();
        assertThat(seen).containsExactly("=", "+a");
        rooms.removeRemote("room", id(2));
        run();

        assertThat(seen).containsExactly("=", "+a", "-a");
    }

    @Test
    void whoIsNotPutAgainInTimeAfterALossLeaves() {
        member.enter();
        rooms.putRemote("room", entry("a", 1));
        rooms.putRemote("room", entry("b", 2));
        rooms.unconfirmRemote();
        rooms.putRemote("room", entry("a", 1));
        run();
        loop.advance(Duration.ofSeconds(5));
        run();

        assertThat(seen).containsExactly("=", "+a", "+b", "-b");
    }

    @Test
    void whoALaterRosterLacksLeavesThoughItWasConfirmedBefore() {
        member.enter();
        rooms.putRemote("room", entry("a", 1));
        rooms.unconfirmRemote();
        rooms.putRoster("room", List.of(entry("a", 1)));
        loop.advance(Duration.ofSeconds(4));
        rooms.putRoster("room", List.of());
        loop.advance(Duration.ofSeconds(4));
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
