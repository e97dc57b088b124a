// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Event;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Peer;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TextPayload;
import dev.parley.simulation.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for a session that was just introduced to other peers, and for how long. */
class OfferHoldTest {

    private static final Peer ALICE = new Peer("alice", null);
    private static final Peer BOB = new Peer("bob", null);
    private static final Peer CAROL = new Peer("carol", null);
    private static final int OFFER = OfferHold.OFFER_BYTES;

    private final SimulatedFrames frames = new SimulatedFrames();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> received = new ArrayList<>();
    private final MemoryBudget memory = Terms.memory();
    private final List<String> dropped = new ArrayList<>();
    private final Slow connection = new Slow();
    private final Session session =
            new Session(connection, ALICE, "key", new SessionTerms(1 << 20, memory.share(), counting()), () -> {});
    private boolean isWritable = true;
    private boolean areTimersMissing;

    @BeforeEach
    void holdOffers() {
        session.holdOffers();
    }

    @AfterEach
    void nothingRemains() {
        pass(2_000);
        assertThat(frames.live()).isZero();
        assertThat(memory.used()).isZero();
        assertThat(session.isIdle()).isTrue();
        assertThat(loop.isWaiting()).isFalse();
    }

    @Test
    void anOfferWaitsUntilTheReceiverHasMadeItsOwn() {
        introduce(BOB);
        signal(BOB, "metadata", OFFER - 1);
        signal(BOB, "offer", OFFER);
        signal(BOB, "candidate", 200);
        assertThat(received).containsExactly("introduction", "metadata");

        session.sends("carol", OFFER);
        session.sends("bob", 200);
        assertThat(received).containsExactly("introduction", "metadata");
        session.sends("bob", OFFER);
        assertThat(received).containsExactly("introduction", "metadata");
        session.sends("bob", 200);
        assertThat(received).containsExactly("introduction", "metadata", "offer", "candidate");
    }

    @Test
    void anOfferBehindTheReceiversOwnAndItsFirstCandidateDoesNotWait() {
        introduce(BOB);
        session.sends("bob", OFFER);
        session.sends("bob", 200);
        signal(BOB, "offer", OFFER);
        assertThat(received).containsExactly("introduction", "offer");
    }

    @Test
    void aReceiverThatIsSilentIsWaitedForNoLongerThan200Ms() {
        introduce(BOB);
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
        session.sends("bob", 100);
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
        session.sends("bob", OFFER);
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
        session.sends("carol", OFFER);
        session.sends("carol", 200);
        assertThat(received).containsExactly("introduction", "carol's");
    }

    @Test
    void aPeerThatEntersMeanwhileReleasesNothingAndOneThatLeavesDoes() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        introduce(CAROL);
        assertThat(received).containsExactly("introduction", "introduction");
        announce("left", new Event.Changed("room", List.of(), List.of(BOB)));
        assertThat(received).containsExactly("introduction", "introduction", "offer", "left");
    }

    @Test
    void aRosterReleasesWhatWasSentBeforeIt() {
        introduce(BOB);
        signal(BOB, "offer", OFFER);
        announce("roster", new Event.Roster("room", List.of(CAROL)));
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
        session.sends("bob", OFFER);
        session.sends("bob", 200);
        assertThat(received).last().isEqualTo("newer");
    }

    @Test
    void noMoreThanTheBoundWaits() {
        introduce(BOB);
        String offer = "x".repeat(1_024);
        for (int i = 0; i < OfferHold.MAX_BYTES / offer.length() + 10; i++) {
            signal(BOB, offer, offer.length());
        }
        assertThat(received.size()).isEqualTo(OfferHold.MAX_BYTES / offer.length() + 11);
    }

    @Test
    void aCrowdIsNotWaitedFor() {
        Peer[] crowd = IntStream.rangeClosed(0, OfferHold.MAX_INTRODUCED)
                .mapToObj(i -> new Peer("peer-" + i, null))
                .toArray(Peer[]::new);
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

    private void introduce(Peer... peers) {
        send(frames.arrival(TextPayload.of("introduction"), List.of(peers)));
    }

    private void signal(Peer sender, String text, int signalBytes) {
        send(frames.signal(TextPayload.of(text), sender, signalBytes));
    }

    private void send(Frame frame) {
        session.send(frame, null);
        frame.release();
    }

    private void pass(int millis) {
        loop.advance(Duration.ofMillis(millis));
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
