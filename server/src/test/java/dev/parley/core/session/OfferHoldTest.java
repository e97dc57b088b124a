// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.SessionEvent;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What waits for a session that was just introduced to other peers, and for how long. */
class OfferHoldTest {

    private static final PeerIdentity ALICE = new PeerIdentity("alice", null);
    private static final PeerIdentity BOB = new PeerIdentity("bob", null);
    private static final PeerIdentity CAROL = new PeerIdentity("carol", null);
    private static final int OFFER = OfferHold.OFFER_BYTES;

    private final SimulatedFrames frames = new SimulatedFrames();
    private final Timers loop = new Timers();
    private final List<String> received = new ArrayList<>();
    private final MemoryBudget memory = Terms.memory();
    private final List<Boolean> answers = new ArrayList<>();
    private final Session session = new PlainSession(
            new Receiver(),
            ALICE,
            "key",
            new SessionTerms(
                    1 << 20,
                    memory.share(),
                    Terms.connections(),
                    DeliveryTurns.ofLoops(1).ofApp(),
                    new Dropped()),
            new DelayingProtocol());
    private int dropped;
    private boolean isWritable = true;
    private boolean isTimerMissing;

    @AfterEach
    void nothingRemains() {
        pass(2_000);
        assertThat(frames.live()).isZero();
        assertThat(memory.used()).isZero();
        assertThat(loop.isWaiting()).isFalse();
    }

    @Test
    void anOfferWaitsUntilTheReceiverHasMadeItsOwn() {
        introduce(BOB);
        signal(BOB, "metadata", OFFER - 1);
        signal(BOB, "offer", OFFER);
        signal(BOB, "candidate", 200);
        assertThat(received).containsExactly("introduction", "metadata");

        session.signalSent("carol", OFFER);
        session.signalSent("bob", 200);
        assertThat(received).containsExactly("introduction", "metadata");
        session.signalSent("bob", OFFER);
        assertThat(received).containsExactly("introduction", "metadata");
        session.signalSent("bob", 200);
        assertThat(received).containsExactly("introduction", "metadata", "offer", "candidate");
    }

    @Test
    void anOfferBehindTheReceiversOwnAndItsFirstCandidateDoesNotWait() {
        introduce(BOB);
        session.signalSent("bob", OFFER);
        session.signalSent("bob", 200);
        signal(BOB, "offer", OFFER);
        assertThat(received).containsExactly("introduction", "offer");
    }

    @ParameterizedTest
    @CsvSource({"10, 200", "90, 450", "600, 1000"})
    void aReceiverThatWasThereBeforeIsWaitedForFiveTimesAsLongAsTheOfferTookBetween200MsAndASecond(
            int offerMillis, int waitMillis) {
        introduce(BOB);
        pass(offerMillis);
        signal(BOB, "offer", OFFER);
        signal(BOB, "another", OFFER);
        pass(waitMillis - offerMillis - 1);
        assertThat(received).containsExactly("introduction");
        pass(1);
        assertThat(received).containsExactly("introduction", "offer", "another");
        signal(BOB, "later", OFFER);
        assertThat(received).last().isEqualTo("later");
    }

    @Test
    void aNewcomerThatIsSilentIsWaitedForNoLongerThan200Ms() {
        announce("introduction", new SessionEvent.Roster("room", List.of(BOB)));
        pass(50);
        signal(BOB, "offer", OFFER);
        pass(149);
        assertThat(received).containsExactly("introduction");
        pass(1);
        assertThat(received).containsExactly("introduction", "offer");
        signal(BOB, "another", OFFER);
        assertThat(received).containsExactly("introduction", "offer", "another");
    }

    @Test
    void aReceiverThatHasBegunToSignalIsWaitedForNoLongerThanASecond() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        session.signalSent("bob", 100);
        pass(999);
        assertThat(received).containsExactly("introduction");
        pass(1);
        assertThat(received).containsExactly("introduction", "offer");
    }

    @Test
    void aReceiverThatSendsNothingBehindItsOfferIsWaitedForNoLongerThan200MsAfterIt() {
        introduce(BOB);
        pass(150);
        signal(BOB, "offer", OFFER);
        session.signalSent("bob", OFFER);
        pass(199);
        assertThat(received).containsExactly("introduction");
        pass(1);
        assertThat(received).containsExactly("introduction", "offer");
    }

    @Test
    void signalsOfOtherPeersDoNotWait() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        signal(CAROL, "carol's", OFFER);
        assertThat(received).containsExactly("introduction", "carol's");
    }

    @Test
    void eachPeerOfARosterIsWaitedForByItself() {
        introduce(BOB, CAROL);
        signal(BOB, "bob's", OFFER);
        signal(CAROL, "carol's", OFFER);
        session.signalSent("carol", OFFER);
        session.signalSent("carol", 200);
        assertThat(received).containsExactly("introduction", "carol's");
    }

    @Test
    void aPeerThatEntersMeanwhileReleasesNothingAndOneThatLeavesDoes() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        introduce(CAROL);
        assertThat(received).containsExactly("introduction", "introduction");
        announce("left", new SessionEvent.Changed("room", List.of(), List.of(BOB)));
        assertThat(received).containsExactly("introduction", "introduction", "offer", "left");
    }

    @Test
    void aPeerThatLeavesReleasesNothingOfOthers() {
        introduce(BOB);
        introduce(CAROL);
        signal(BOB, "offer", OFFER);
        announce("left", new SessionEvent.Changed("room", List.of(), List.of(CAROL)));
        assertThat(received).containsExactly("introduction", "introduction", "left");
    }

    @Test
    void aRosterReleasesWhatWasSentBeforeIt() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        announce("roster", new SessionEvent.Roster("room", List.of(CAROL)));
        signal(CAROL, "carol's", OFFER);
        assertThat(received).containsExactly("introduction", "offer", "roster");
    }

    @Test
    void aPeerThatIsIntroducedAnewIsNotPrecededByAnOlderOffer() {
        introduce(BOB);
        signal(BOB, "older", OFFER);
        introduce(BOB);
        signal(BOB, "newer", OFFER);
        assertThat(received).containsExactly("introduction", "older", "introduction");
        session.signalSent("bob", OFFER);
        session.signalSent("bob", 200);
        assertThat(received).last().isEqualTo("newer");
    }

    @Test
    void noMoreThanTheBoundWaits() {
        introduce(BOB);
        int length = frameLength(1_024);
        for (int i = 0; i < OfferHold.MAX_BYTES / length; i++) {
            signal(BOB, "waits " + i, 1_024);
        }
        assertThat(received).containsExactly("introduction");
        signal(BOB, "more", 1_024);
        signal(BOB, "last", 1_024);
        assertThat(received).hasSize(OfferHold.MAX_BYTES / length + 3).endsWith("more", "last");
    }

    @Test
    void aPeerThatSendsMoreThanTheBoundReleasesNothingOfOthers() {
        introduce(BOB);
        introduce(CAROL);
        signal(BOB, "offer", OFFER);
        for (int i = 0; i <= OfferHold.MAX_BYTES / frameLength(1_024); i++) {
            signal(CAROL, "much " + i, 1_024);
        }
        assertThat(received).contains("much 0").doesNotContain("offer");
    }

    @Test
    void aPeerWithLessIsWaitedForAtTheCostOfOneWithMore() {
        introduce(BOB);
        introduce(CAROL);
        for (int i = 0; i < OfferHold.MAX_BYTES / frameLength(1_024); i++) {
            signal(CAROL, "much " + i, 1_024);
        }
        assertThat(received).containsExactly("introduction", "introduction");
        signal(BOB, "offer", 2_048);
        assertThat(received).contains("much 0").doesNotContain("offer");
    }

    @Test
    void aCrowdIsNotWaitedFor() {
        PeerIdentity[] crowd = IntStream.rangeClosed(0, OfferHold.MAX_INTRODUCED)
                .mapToObj(i -> new PeerIdentity("peer-" + i, null))
                .toArray(PeerIdentity[]::new);
        introduce(crowd);
        signal(crowd[0], "offer", OFFER);
        assertThat(received).containsExactly("introduction", "offer");
    }

    @Test
    void aPeerThatEntersAgainAndAgainMakesNothingElseWait() {
        introduce(BOB);
        signal(BOB, "bob's", OFFER);
        for (int i = 0; i < 1_000; i++) {
            introduce(CAROL);
        }
        pass(200);
        assertThat(received).hasSize(1_002).last().isEqualTo("bob's");
    }

    @Test
    void whatWaitsCountsInTheMemoryOfItsAppAndKeepsItsRoom() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        long held = memory.used();
        assertThat(held).isGreaterThan(OFFER);

        session.releaseOffers();
        assertThat(memory.used()).isZero();
        assertThat(received).containsExactly("introduction", "offer");
    }

    @Test
    void whatIsSentToOnePeerWaitsLikeWhatIsPublished() {
        introduce(BOB);
        post(BOB, "offer", OFFER);
        request(BOB, "candidate", 200);
        assertThat(received).containsExactly("introduction");
        assertThat(answers).containsExactly(true);
        pass(200);
        assertThat(received).containsExactly("introduction", "offer", "candidate");
    }

    @Test
    void metadataOfTheSenderMakesNoOfferOfASmallSignal() {
        introduce(BOB);
        post(new PeerIdentity("bob", "x".repeat(1_000)), "candidate", 1_200);
        assertThat(received).containsExactly("introduction", "candidate");
    }

    @Test
    void whatWaitsIsDroppedWhenTheSessionEnds() {
        introduce(BOB);
        post(BOB, "offer", OFFER);
        signal(BOB, "candidate", 200);
        session.end();
        assertThat(received).containsExactly("introduction");
        assertThat(dropped).isEqualTo(2);
        assertThat(loop.isWaiting()).isFalse();
    }

    @Test
    void whatIsReleasedGoesBehindWhatTheReceiverDoesNotTake() {
        introduce(BOB);
        signal(BOB, "metadata", 100);
        isWritable = false;
        signal(BOB, "second", 100);
        post(BOB, "offer", OFFER);
        signal(BOB, "candidate", 200);
        pass(200);
        signal(BOB, "last", 100);
        assertThat(received).containsExactly("introduction", "metadata");

        isWritable = true;
        pass(1);
        assertThat(received).containsExactly("introduction", "metadata", "second", "offer", "candidate", "last");
    }

    @Test
    void aReceiverMissesNothingSilentlyWhereThereIsNoMemoryForATimer() {
        introduce(BOB);
        isTimerMissing = true;
        post(BOB, "offer", OFFER);
        runAll();
        assertThat(received).containsExactly("introduction", "close 1011 internal error");
        session.end();
    }

    private void introduce(PeerIdentity... peers) {
        announce("introduction", new SessionEvent.Changed("room", List.of(peers), List.of()));
    }

    private void announce(String text, SessionEvent event) {
        Frame frame = frames.text(TextPayload.of(text));
        session.send(frame, event);
        frame.release();
    }

    private void signal(PeerIdentity sender, String text, int bytes) {
        Frame frame = frame(text, bytes);
        session.inbox().offer(frame, sessionOf(sender), null);
        frame.release();
    }

    private void post(PeerIdentity sender, String text, int bytes) {
        Frame frame = frame(text, bytes);
        assertThat(session.inbox().reserve(frame.length())).isTrue();
        session.inbox().post(frame, sessionOf(sender), null);
        runAll();
    }

    private void request(PeerIdentity sender, String text, int bytes) {
        session.inbox().request(frame(text, bytes), sessionOf(sender), null, answers::add);
        runAll();
    }

    private Session sessionOf(PeerIdentity peer) {
        return new PlainSession(
                new SimulatedConnection(2, new SimulatedLoop(), (client, frame) -> {}),
                peer,
                "key",
                Terms.unlimited(),
                event -> null);
    }

    /** Of so many bytes, without those that a frame takes more than its signal. */
    private Frame frame(String text, int bytes) {
        return frames.text(TextPayload.of(text + " ".repeat(frameLength(bytes) - text.length() - "text ".length())));
    }

    private static int frameLength(int bytes) {
        return bytes + OfferHold.OFFER_FRAME_BYTES - OfferHold.OFFER_BYTES;
    }

    private void pass(int millis) {
        loop.advance(Duration.ofMillis(millis));
        runAll();
    }

    private void runAll() {
        while (!loop.isIdle()) {
            try {
                loop.runNext();
            } catch (IllegalStateException e) {
                assertThat(e).hasRootCauseInstanceOf(OutOfMemoryError.class); // reported to the loop
            }
        }
    }

    /** A client that takes signals while the test says so. */
    private final class Receiver extends SimulatedConnection {

        private Receiver() {
            super(1, loop, (client, frame) -> received.add(text(frame)));
        }

        private static String text(String frame) {
            return frame.startsWith("text ") ? frame.substring("text ".length()).strip() : frame;
        }

        @Override
        public boolean isWritable() {
            return isWritable;
        }

        @Override
        public void whenWritable(Runnable task) {
            loop.schedule(Duration.ofMillis(1), () -> {
                if (isWritable) {
                    task.run();
                } else {
                    whenWritable(task);
                }
            });
        }
    }

    /** A loop for whose timers there may be no memory. */
    private final class Timers extends SimulatedLoop {

        @Override
        public LoopTimer schedule(Duration delay, Runnable task) {
            if (isTimerMissing) {
                throw new OutOfMemoryError("injected");
            }
            return super.schedule(delay, task);
        }
    }

    /** A protocol whose clients get the offers of others behind their own. */
    private static final class DelayingProtocol implements ClientProtocol {

        @Override
        public @Nullable Frame encode(SessionEvent event) {
            return null;
        }

        @Override
        public boolean delaysOffers() {
            return true;
        }
    }

    /** Counts signals that are dropped. */
    private final class Dropped implements ServerObserver {

        @Override
        public void dropped() {
            dropped++;
        }
    }
}
