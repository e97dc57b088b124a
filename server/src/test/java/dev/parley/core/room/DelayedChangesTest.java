// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.access.App;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.core.session.SessionTerms;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The presence that a member on a slow line receives. */
class DelayedChangesTest {

    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final ClientProtocol protocol = this::encode;
    private final RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
    private final List<String> heard = new ArrayList<>();
    private final List<Runnable> whenWritable = new ArrayList<>();
    private boolean isWritable = true;
    private int connections;
    private final Slow slow = new Slow();
    private final FairShares heap = new FairShares(100_000);
    private final Session session = new PlainSession(slow, new PeerIdentity("slow", null), "key", terms(), protocol);
    private final RoomMember member = enter(session);

    @AfterEach
    void nothingIsLeftBehind() {
        session.end();
        assertThat(frames.live()).isZero();
        assertThat(heap.total()).isZero();
    }

    @Test
    void whoCameAndWentWhileTheSocketTookNothingIsNotTold() {
        isWritable = false;
        for (int i = 0; i < 10; i++) {
            enter("visitor" + i).leave();
            run();
        }
        takeMore();

        assertThat(heard).isEmpty();
    }

    @Test
    void whoCameAndStayedAndWhoLeftIsToldOnceTheSocketTakesMore() {
        RoomMember old = enter("old");
        heard.clear();
        isWritable = false;
        enter("new");
        old.leave();
        run();
        assertThat(heard).isEmpty();
        takeMore();

        assertThat(heard).containsExactly("+new -old");
    }

    @Test
    void whoLeftAndCameBackIsToldInTwoMessagesGoneFirst() {
        RoomMember before = enter("peer");
        heard.clear();
        isWritable = false;
        before.leave();
        enter("peer");
        takeMore();

        assertThat(heard).containsExactly("-peer", "+peer");
    }

    @Test
    void aSignalOfANewcomerComesBehindTheNewcomer() {
        isWritable = false;
        publish(enter("new"), "hello");
        takeMore();

        assertThat(heard).containsExactly("+new", "hello");
    }

    @Test
    void aRosterThatIsAskedForTakesThePlaceOfWhatWaits() {
        isWritable = false;
        enter("new");
        member.enter();
        run();
        assertThat(heard).containsExactly("=new");
        takeMore();

        assertThat(heard).containsExactly("=new");
    }

    @Test
    void presenceAndSignalsAreSentInTurns() {
        RoomMember sender = enter("sender");
        heard.clear();
        slow.takesAtMost = 1;
        isWritable = false;
        publish(sender, "first");
        publish(sender, "second");
        enter("a");
        takeMore();
        enter("b");
        takeMore();

        assertThat(heard).containsExactly("+a", "first", "+b", "second");
    }

    @Test
    void whoHasLeftTheRoomIsToldNothing() {
        isWritable = false;
        enter("new");
        run();
        member.leave();
        takeMore();

        assertThat(heard).isEmpty();
    }

    @Test
    void whatWaitsTakesMemoryThatIsGivenBackHoweverTheWaitingEnds() {
        RoomMember old = enter("old");
        isWritable = false;
        enter("new");
        old.leave();
        run();
        assertThat(heap.total()).isPositive();
        takeMore();
        assertThat(heap.total()).as("sent").isZero();

        isWritable = false;
        RoomMember visitor = enter("visitor");
        visitor.leave();
        run();
        assertThat(heap.total()).as("nothing to tell").isZero();

        enter("another");
        member.leave();
        run();
        assertThat(heap.total()).as("left the room").isZero();
    }

    @Test
    void aClientForWhichMoreWaitsThanItsShareOfTheMemoryIsClosed() {
        isWritable = false;
        for (int i = 0; i < 1_000; i++) {
            enter("newcomer" + i);
        }
        assertThat(heard).containsExactly("close 1013 slow consumer");
        assertThat(heap.total()).isZero();
    }

    private SessionTerms terms() {
        ConnectionMemory connections = new ConnectionMemory(heap, new App("app"));
        return new SessionTerms(
                Integer.MAX_VALUE,
                Terms.memory().share(),
                connections,
                DeliveryTurns.ofLoops(1).ofApp(),
                ServerObserver.NONE);
    }

    private void publish(RoomMember sender, String text) {
        rooms.publish("room", sender.session(), new Signal(Signal.Kind.TEXT, TextPayload.of(text)));
    }

    private RoomMember enter(String id) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {});
        return enter(new PlainSession(connection, new PeerIdentity(id, null), "key", Terms.unlimited(), protocol));
    }

    private RoomMember enter(Session newcomer) {
        if (!(rooms.listen("room", newcomer, new MemberInterest(true, false))
                instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        admitted.member().enter();
        run();
        heard.remove("=");
        return admitted.member();
    }

    private void takeMore() {
        run();
        isWritable = true;
        List<Runnable> tasks = List.copyOf(whenWritable);
        whenWritable.clear();
        tasks.forEach(Runnable::run);
        run();
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
                    case SessionEvent.Changed changed -> (plus(changed) + " " + minus(changed)).strip();
                    case SessionEvent.Published published -> text(published.signal());
                    default -> event.toString();
                }));
    }

    private static String plus(SessionEvent.Changed changed) {
        return changed.joined().isEmpty() ? "" : "+" + ids(changed.joined());
    }

    private static String minus(SessionEvent.Changed changed) {
        return changed.left().isEmpty() ? "" : "-" + ids(changed.left());
    }

    private static String ids(List<PeerIdentity> peers) {
        return peers.stream().map(PeerIdentity::id).collect(Collectors.joining(" "));
    }

    private static String text(Signal signal) {
        return new String(
                signal.payload().bytes(),
                signal.payload().offset(),
                signal.payload().length(),
                StandardCharsets.UTF_8);
    }

    /** A connection whose socket takes no more at times. */
    private final class Slow extends SimulatedConnection {

        /** Frames after which it takes no more. */
        private int takesAtMost = Integer.MAX_VALUE;

        private int taken;

        private Slow() {
            super(0, loop, (client, frame) -> heard.add(frame.replaceFirst("^text ", "")));
        }

        @Override
        public void send(Frame frame) {
            super.send(frame);
            taken++;
            if (taken >= takesAtMost) {
                isWritable = false;
            }
        }

        @Override
        public boolean isWritable() {
            return isWritable;
        }

        @Override
        public void whenWritable(Runnable task) {
            whenWritable.add(task);
        }
    }
}
