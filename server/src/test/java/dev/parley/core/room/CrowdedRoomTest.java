// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ClientProtocol;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The presence that members receive, and when: {@code =a b} is a roster, {@code +a b -c} a change. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class CrowdedRoomTest {

    private static final Duration WINDOW = Duration.ofMillis(50);
    private static final int SMALL = 8;
    private static final int MUCH = 1 << 20;

    private final SimulatedFrames frames = new SimulatedFrames();
    private final List<SimulatedLoop> loops = List.of(new SimulatedLoop(), new SimulatedLoop());
    private final List<Guest> guests = new ArrayList<>();
    private final ClientProtocol protocol = this::encode;
    private RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE, WINDOW);
    private int connections;

    /** A connection in the room, and what it received since the last look. */
    private record Guest(RoomMember member, List<String> heard) {

        List<String> heardSince() {
            List<String> since = List.copyOf(heard);
            heard.clear();
            return since;
        }
    }

    /** Changes wait no longer, however many there are. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    @AfterEach
    void nothingIsLeftBehind() {
        guests.forEach(guest -> guest.member().leave());
        pass(LONGEST_WAIT.plus(WINDOW));
        assertThat(rooms.count()).isZero();
        assertThat(frames.live()).isZero();
        assertThat(loops).noneMatch(SimulatedLoop::isWaiting);
    }

    @Test
    void aSmallRoomIsToldOfEveryChangeAtOnce() {
        Guest first = enter("first");
        for (int i = 1; i < SMALL; i++) {
            enter("g" + i).member().leave();
            enter("g" + i);
            assertThat(first.heardSince()).endsWith("+g" + i, "-g" + i, "+g" + i);
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void aSmallRoomInWhichSomebodyComesAndGoesAllTheTimeIsToldTogether() {
        Guest first = enter("first");
        for (int i = 0; i < 1000; i++) {
            enter("restless").member().leave();
        }
        assertThat(first.heardSince()).hasSizeLessThan(20);
        enter("restless");
        pass(WINDOW);
        assertThat(first.heardSince()).containsExactly("+restless");

        pass(Duration.ofSeconds(1));
        enter("calm").member().leave();
        run();
        assertThat(first.heardSince()).containsExactly("+calm", "-calm"); // at once again
    }

    @Test
    void changesOfManyPeersWaitLongerTheMoreAreTold() {
        Guest host = crowd();
        enter("a");
        int told = 0;
        for (int window = 0; window < 40; window++) {
            for (int i = 0; i < 500; i++) {
                enter("b" + window + "-" + i, window % 2).member().leave();
                guests.removeLast();
            }
            List<Guest> seen =
                    IntStream.range(0, 500).mapToObj(i -> enter("c" + i)).toList();
            pass(WINDOW);
            seen.forEach(guest -> guest.member().leave());
            guests.removeAll(seen);
            told += host.heardSince().stream()
                    .mapToInt(frame -> frame.split(" ").length)
                    .sum();
        }

        assertThat(told).isLessThan(5_000); // of 40,000 in two seconds
    }

    @Test
    void aCalmCrowdIsToldOfAChangeAtOnceAndOfThoseBehindItTogether() {
        Guest host = crowd();
        Guest a = enter("a");
        Guest b = enter("b");
        guests.get(1).member().leave();
        assertThat(a.heardSince()).containsExactly("=" + crowdIds());
        assertThat(b.heardSince()).isEmpty();
        assertThat(host.heardSince()).containsExactly("+a");

        pass(WINDOW);
        assertThat(host.heardSince()).containsExactly("+b -g1");
        assertThat(b.heardSince())
                .containsExactly("=" + crowdIds().replace("g1 ", "").concat(" a"));
    }

    @Test
    void oneChangeInAWindowLeavesTheRoomCalmAndMoreKeepChangesWaiting() {
        Guest host = crowd();
        enter("a");
        enter("b");
        pass(WINDOW);
        assertThat(host.heardSince()).containsExactly("+a", "+b");
        enter("c");
        assertThat(host.heardSince()).containsExactly("+c");
        enter("d");
        enter("e");
        pass(WINDOW);
        assertThat(host.heardSince()).containsExactly("+d e");
        enter("f");
        assertThat(host.heardSince()).isEmpty();
        pass(WINDOW);
        assertThat(host.heardSince()).containsExactly("+f");
        enter("g");
        assertThat(host.heardSince()).containsExactly("+g");
    }

    @Test
    void newcomersOfABatchHaveARosterThenThoseBeforeThemThenThoseBehindThem() {
        crowd();
        enter("a");
        List<Guest> batch =
                IntStream.range(0, 3).mapToObj(i -> enter("b" + i, 0)).toList();
        pass(WINDOW);

        String roster = "=" + crowdIds() + " a";
        assertThat(batch.get(0).heardSince()).containsExactly(roster, "+b1 b2");
        assertThat(batch.get(1).heardSince()).containsExactly(roster, "=b0", "+b2");
        assertThat(batch.get(2).heardSince()).containsExactly(roster, "=b0 b1");
    }

    @Test
    void whoLeavesBeforeItWasToldOfWasNeverThere() {
        Guest host = crowd();
        enter("a");
        Guest passing = enter("b");
        passing.member().leave();
        pass(WINDOW);

        assertThat(host.heardSince()).containsExactly("+a");
        assertThat(passing.heardSince()).isEmpty();
    }

    @Test
    void whoComesBackInTheWindowOfItsLeavingIsToldToHaveGoneBeforeItCame() {
        Guest host = crowd();
        enter("a");
        guests.get(1).member().leave();
        Guest back = enter("g1");
        Guest other = enter("b");
        pass(WINDOW);

        assertThat(host.heardSince()).first().isEqualTo("+a");
        assertThat(guests.get(2).heardSince()).hasSize(3).endsWith("-g1", "+g1 b");
        assertThat(back.heardSince()).hasSize(2).last().isEqualTo("+b");
        assertThat(other.heardSince()).hasSize(2).last().isEqualTo("=g1");
    }

    @Test
    void aRosterThatIsAskedForAgainComesBehindWhatWaited() {
        Guest host = crowd();
        enter("a");
        Guest b = enter("b");
        guests.get(1).member().leave();
        host.heardSince();
        host.member().enter();
        run();

        assertThat(host.heardSince()).containsExactly("+b -g1", "=g2 g4 g6 g8 b g3 g5 g7 a");
        assertThat(b.heardSince()).hasSize(1);
        pass(WINDOW);
        assertThat(host.heardSince()).isEmpty();
    }

    @Test
    void whoMaySeeOthersFromNowOnSeesThemOnce() {
        Guest host = crowd();
        host.member().showPresence(false);
        enter("a");
        enter("b");
        host.member().showPresence(true);
        run();
        pass(WINDOW);

        assertThat(host.heardSince()).containsExactly("=g2 g4 g6 g8 b g1 g3 g5 g7 a");
    }

    @Test
    void anotherConnectionOfAPeerIsNoOtherPeer() {
        Guest host = crowd();
        enter("a");
        Guest sibling = enter("g1");
        Guest one = enter("b");
        Guest two = enter("b");
        pass(WINDOW);
        assertThat(host.heardSince()).containsExactly("+a", "+b");
        assertThat(sibling.heardSince()).containsExactly("=" + crowdIds().replace("g1 ", "") + " a", "+b");
        assertThat(one.heardSince()).containsExactly("=" + crowdIds() + " a");
        assertThat(two.heardSince()).containsExactly("=" + crowdIds() + " a");

        guests.get(1).member().leave();
        one.member().leave();
        pass(WINDOW);
        assertThat(host.heardSince()).isEmpty();
        sibling.member().leave();
        two.member().leave();
        pass(WINDOW);
        assertThat(String.join(" ", host.heardSince()).split(" ")).containsExactlyInAnyOrder("-g1", "-b");
    }

    @Test
    void withoutAWindowEveryChangeIsToldAtOnce() {
        rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
        Guest host = crowd();
        enter("a");
        enter("b").member().leave();
        run();

        assertThat(host.heardSince()).containsExactly("+a", "+b", "-b");
    }

    @Test
    void aNewcomerThatHasMuchToReadEntersWhenItHasReadIt() {
        Guest host = crowd();
        enter("a");
        Guest slow = listen("slow", loops.getFirst(), 100);
        slow.member().enter();
        Frame much = frames.text(TextPayload.of("x".repeat(60)));
        slow.member().session().reservePresence(much);
        host.heardSince();
        pass(WINDOW);
        assertThat(host.heardSince()).isEmpty();

        slow.member().session().releasePresence(much);
        much.release();
        pass(WINDOW);
        assertThat(host.heardSince()).containsExactly("+slow");
    }

    @Test
    void aBatchOfHundredsIsToldInPartsThatEveryoneCanPutTogether() {
        Guest host = crowd();
        enter("a");
        List<Guest> batch =
                IntStream.range(0, 250).mapToObj(i -> enter("b" + i)).toList();
        host.heardSince();
        pass(WINDOW);

        assertThat(host.heardSince()).hasSize(3);
        for (Guest guest : batch) {
            assertThat(guest.heard()).first().asString().startsWith("=");
            String others = guest.heard().stream().map(it -> it.substring(1)).collect(Collectors.joining(" "));
            assertThat(others.split(" ")).hasSize(SMALL + 1 + 1 + 249).doesNotHaveDuplicates();
        }
    }

    @Test
    void twoThousandWhoComeWithinTwoSecondsAreToldOfByATwentiethOfTheFrames() {
        int windowed = framesOfAStorm();
        guests.forEach(guest -> guest.member().leave());
        guests.clear();
        pass(WINDOW.multipliedBy(2));
        rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
        int atOnce = framesOfAStorm();

        System.err.printf("%d frames instead of %d%n", windowed, atOnce);
        assertThat(atOnce).isGreaterThan(2_000 * 2_000 / 2);
        assertThat(windowed).isLessThan(atOnce / 20);
    }

    /** Each has its roster at most a window after it entered. */
    private int framesOfAStorm() {
        for (int i = 0; i < 2_000; i++) {
            enter("p" + i);
            pass(Duration.ofMillis(1));
            if (i >= WINDOW.toMillis()) {
                assertThat(guests.get(i - (int) WINDOW.toMillis()).heard()).isNotEmpty();
            }
        }
        pass(WINDOW);
        return guests.stream().mapToInt(guest -> guest.heard().size()).sum();
    }

    /** A calm room that is just not small; the first of them. */
    private Guest crowd() {
        for (int i = 0; i <= SMALL; i++) {
            enter("g" + i);
        }
        pass(WINDOW.multipliedBy(2));
        guests.forEach(Guest::heardSince);
        return guests.getFirst();
    }

    private static String crowdIds() {
        // Members of one loop stand together: those of the first have even numbers.
        return "g0 g2 g4 g6 g8 g1 g3 g5 g7";
    }

    private Guest enter(String id) {
        return enter(id, connections % 2);
    }

    private Guest enter(String id, int loop) {
        Guest guest = listen(id, loops.get(loop), MUCH);
        guest.member().enter();
        run();
        return guest;
    }

    private Guest listen(String id, SimulatedLoop loop, int maxUnderway) {
        List<String> heard = new ArrayList<>();
        SimulatedConnection connection = new SimulatedConnection(
                ++connections, loop, (client, frame) -> heard.add(frame.substring("text ".length())));
        Session session =
                new PlainSession(connection, new PeerIdentity(id, null), "key", Terms.queueing(maxUnderway), protocol);
        if (!(rooms.listen("room", session, new MemberInterest(true, false))
                instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        Guest guest = new Guest(admitted.member(), heard);
        guests.add(guest);
        return guest;
    }

    private void pass(Duration time) {
        loops.forEach(loop -> loop.advance(time));
        run();
    }

    private void run() {
        while (loops.stream().anyMatch(loop -> !loop.isIdle())) {
            loops.stream().filter(loop -> !loop.isIdle()).forEach(SimulatedLoop::runNext);
        }
    }

    private Frame encode(SessionEvent event) {
        return frames.text(TextPayload.of(
                switch (event) {
                    case SessionEvent.Roster roster -> "=" + ids(roster.others());
                    case SessionEvent.Changed changed ->
                        ((changed.joined().isEmpty() ? "" : "+" + ids(changed.joined()))
                                        + (changed.left().isEmpty() ? "" : " -" + ids(changed.left())))
                                .strip();
                    case SessionEvent.Published published -> "message";
                    case SessionEvent.Sent sent -> "direct";
                    case SessionEvent.Undelivered undelivered -> "undelivered";
                    case SessionEvent.Waiting waiting ->
                        (waiting.areBack() ? "<" : ">") + String.join(" ", waiting.peers());
                }));
    }

    private static String ids(List<PeerIdentity> peers) {
        return peers.stream().map(PeerIdentity::id).collect(Collectors.joining(" "));
    }
}
