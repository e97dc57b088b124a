// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is charged for comparisons of names with patterns, and that cached matches are right. */
class PatternFinderTest {

    private static final String SLOW = "*a".repeat(120);
    private static final String NAME = "a".repeat(256);

    /** The steps of one comparison of the two. */
    private static final int SLOW_STEPS = 1 + 256 * 4;

    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final ClientProtocol protocol = this::encode;
    private final RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
    private final PublishedNames published = new PublishedNames();
    private final Session publisher = session("publisher");
    private final Session stranger = session("stranger");

    @Test
    void withoutPatternsNothingIsCompared() {
        publish(NAME);

        assertThat(rooms.hasPatterns()).isFalse();
        assertThat(published.takeSteps()).isZero();
    }

    @Test
    void aPublisherPaysForANameThatIsNotRemembered() {
        subscribe(SLOW + 1, stranger);
        subscribe(SLOW + 2, stranger);
        publish(NAME);

        assertThat(published.takeSteps()).isEqualTo(2 * SLOW_STEPS);
    }

    @Test
    void aPublisherPaysOnceForAFewNamesWithoutRooms() {
        subscribe(SLOW, stranger);
        List<String> names = IntStream.range(0, 4).mapToObj(i -> NAME + i).toList();
        names.forEach(this::publish);
        assertThat(published.takeSteps()).isPositive();

        for (int i = 0; i < 10; i++) {
            names.forEach(this::publish);
        }
        assertThat(published.takeSteps()).isZero();
    }

    @Test
    void onlyTheNamesThatWereUsedLastAreRemembered() {
        subscribe(SLOW, stranger);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5; i++) {
                publish(NAME + i);
            }
        }
        assertThat(published.takeSteps()).isEqualTo(10 * (SLOW_STEPS + 4));
    }

    @Test
    void aRoomIsComparedOnceWhoeverPublishes() {
        subscribe(SLOW, stranger);
        listen(NAME, stranger);
        publish(NAME);
        assertThat(published.takeSteps()).isEqualTo(SLOW_STEPS);

        PublishedNames other = new PublishedNames();
        publish(NAME);
        rooms.publish(NAME, stranger, null, signal(), other);
        assertThat(published.takeSteps()).isZero();
        assertThat(other.takeSteps()).isZero();
    }

    @Test
    void aPatternThatIsAddedAgainAndAgainCostsItsSubscriberAndNoPublisher() {
        for (int i = 0; i < 100; i++) {
            subscribe(SLOW + i, stranger);
        }
        Session member = session("member");
        listen(NAME, member);
        publish(NAME);
        publish(NAME + "/without room");
        published.takeSteps();

        for (int i = 0; i < 10; i++) {
            RoomMember toggled = subscribe("*" + SLOW, stranger);
            publish(NAME);
            publish(NAME);
            publish(NAME + "/without room");
            assertThat(rooms.takeUnpaidSteps("*" + SLOW)).isBetween(2L * SLOW_STEPS, 2L * SLOW_STEPS + 100);
            assertThat(rooms.takeUnpaidSteps("*" + SLOW)).isZero();
            toggled.leave();
            publish(NAME);
            assertThat(published.takeSteps()).isZero();
        }
    }

    /** Of what was decided for all nodes the senders pay elsewhere, once for each name. */
    @Test
    void aNameThatAnyNodeRemembersIsNotComparedAgain() {
        subscribe(SLOW, stranger);
        DecidedNames decided = new DecidedNames();
        List<String> names = IntStream.range(0, 8 * DecidedRooms.REMEMBERED)
                .mapToObj(i -> NAME + i)
                .toList();
        names.forEach(name -> publish(name, decided));
        assertThat(decided.takeSteps()).isGreaterThanOrEqualTo((long) names.size() * SLOW_STEPS);

        for (String name : names) {
            publish(name, decided);
            RoomMember member = listen(name, stranger);
            publish(name, decided);
            member.leave();
            publish(name, decided);
        }
        assertThat(decided.takeSteps()).isZero();
    }

    @Test
    void aNameOfARoomThatIsGoneIsNotComparedAgain() {
        subscribe(SLOW, stranger);
        DecidedNames decided = new DecidedNames();
        RoomMember member = listen(NAME, stranger);
        publish(NAME, decided);
        member.leave();
        decided.takeSteps();

        publish(NAME, decided);
        assertThat(decided.takeSteps()).isZero();
    }

    private void publish(String name, NameMemory memory) {
        rooms.publish(name, publisher.peer(), publisher, null, signal(), memory);
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }

    @Test
    void aPatternThatItsOwnerLeavesIsTheShareOfASubscriberThatRemains() {
        RoomRegistry few = new RoomRegistry(() -> new FewPatterns(4));
        Session other = session("other");
        List<RoomMember> left = new ArrayList<>();
        for (String pattern : List.of("a*", "b*")) {
            left.add(admitted(subscribe(few, pattern, stranger)));
            subscribe(few, pattern, other);
        }
        assertThat(subscribe(few, "c*", stranger)).isInstanceOf(EntryResult.Full.class);
        left.forEach(RoomMember::leave);

        assertThat(subscribe(few, "c*", other)).isInstanceOf(EntryResult.Full.class);
        assertThat(subscribe(few, "c*", stranger)).isInstanceOf(EntryResult.Admitted.class);
    }

    private record FewPatterns(int patterns) implements RoomBounds {

        @Override
        public int peers(String room) {
            return Integer.MAX_VALUE;
        }
    }

    /** Patterns take the places of others, and several publishers and rooms see different ones of them. */
    @Test
    void theAudienceIsRightWhateverPatternsComeAndGo() {
        Random random = new Random(1);
        Map<String, RoomMember> held = new HashMap<>();
        Map<String, RoomMember> rooms = new HashMap<>();
        int received = 0;
        for (int step = 0; step < 20_000; step++) {
            String name = text(random, "ab/");
            switch (random.nextInt(6)) {
                case 0, 1 -> toggle(held, "*" + text(random, "ab/*"), true);
                case 2 -> toggle(rooms, name, false);
                default -> {
                    long patterns = held.keySet().stream()
                            .filter(pattern -> ChannelPattern.of(pattern).matches(name))
                            .count();
                    assertThat(publish(name))
                            .as("%s of %s", name, held.keySet())
                            .isEqualTo((int) patterns + (rooms.containsKey(name) ? 1 : 0));
                    received += patterns > 0 ? 1 : 0;
                }
            }
        }
        assertThat(received).isGreaterThan(3_000);
    }

    private void toggle(Map<String, RoomMember> held, String name, boolean isPattern) {
        RoomMember before = held.remove(name);
        if (before != null) {
            before.leave();
        } else {
            Session session = session(name);
            held.put(name, isPattern ? subscribe(name, session) : listen(name, session));
        }
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(3); length > 0; length--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private int publish(String name) {
        int receivers = rooms.publish(name, publisher, null, signal(), published);
        while (!loop.isIdle()) {
            loop.runNext();
        }
        return receivers;
    }

    private static Signal signal() {
        return new Signal(Signal.Kind.TEXT, TextPayload.of("x"));
    }

    private RoomMember subscribe(String pattern, Session session) {
        return admitted(subscribe(rooms, pattern, session));
    }

    private static EntryResult subscribe(RoomRegistry rooms, String pattern, Session session) {
        return rooms.listen(ChannelPattern.of(pattern), session, MemberInterest.of(false, false));
    }

    private RoomMember listen(String name, Session session) {
        return admitted(rooms.listen(name, session, MemberInterest.of(false, false)));
    }

    private static RoomMember admitted(EntryResult result) {
        if (!(result instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        return admitted.member();
    }

    private Session session(String id) {
        SimulatedConnection connection = new SimulatedConnection(1, loop, (client, frame) -> {});
        return new PlainSession(connection, new PeerIdentity(id, null), "group", Terms.unlimited(), protocol);
    }

    private Frame encode(SessionEvent event) {
        return frames.text(TextPayload.of("event"));
    }
}
