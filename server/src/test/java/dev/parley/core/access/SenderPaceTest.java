// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.wire.LimitsBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much each sender may send, and that excess pauses reading and closes nothing. */
class SenderPaceTest {

    private static final App APP = new App("red");
    private static final int PER_SECOND = 200;
    private static final int BURST = 1000;

    /** What is drawn at once: a burst ends at most so much late. */
    private static final int PART = PER_SECOND / 20;

    /** More than anybody may. */
    private static final int MANY = 100_000;

    private final SimulatedLoop loop = new SimulatedLoop();
    private MessageBudgets budgets = new MessageBudgets(ClientLimits.defaults());
    private int ids;

    /** A client that sends whenever it is read. */
    private final class Sender {

        private final SimulatedConnection connection;
        private final SenderPace pace;
        private int sent;

        Sender(App app, String peerId, String address) {
            this(app, peerId, address, loop);
        }

        Sender(App app, String peerId, String address, SimulatedLoop on) {
            connection = new SimulatedConnection(++ids, on, (client, frame) -> {});
            pace = budgets.pace(app, peerId, at(address));
        }

        /** As many messages as are read now, but no more than this. */
        int send(int most, int bytes) {
            int before = sent;
            while (sent - before < most && !connection.isReadingPaused()) {
                pace.charge(1, bytes);
                pace.settle(connection);
                sent++;
            }
            return sent - before;
        }

        int sendAll() {
            return send(MANY, 10);
        }
    }

    @Test
    void aBurstIsReadAtOnceAndThenAsMuchAsMayBeSentInTheTime() {
        Sender sender = new Sender(APP, "alice", "10.0.0.1");

        assertThat(sender.sendAll()).isBetween(BURST, BURST + PART);
        assertThat(sendFor(Duration.ofSeconds(10), List.of(sender)))
                .isBetween(10 * PER_SECOND - PART, 10 * PER_SECOND + PART);
    }

    @Test
    void bytesCountLikeMessages() {
        Sender sender = new Sender(APP, "alice", "10.0.0.1");
        int size = 60_000;
        int burst = ClientLimits.defaults().peer().bytesBurst();
        int perSecond = ClientLimits.defaults().peer().bytesPerSecond();

        assertThat(sender.send(MANY, size)).isBetween(burst / size, (burst + perSecond / 20) / size + 2);
        int sent = 0;
        for (int i = 0; i < 100; i++) {
            advance(Duration.ofMillis(100));
            sent += sender.send(MANY, size);
        }
        assertThat(sent).isBetween(10 * perSecond / size * 9 / 10, 10 * perSecond / size + 8);
    }

    @Test
    void aMessageThatCostsMoreThanABurstIsPaidOffBeforeTheNext() {
        Sender sender = new Sender(APP, "alice", "10.0.0.1");
        sender.pace.charge(BURST + 2 * PER_SECOND, 100);
        sender.pace.settle(sender.connection);

        assertThat(sender.connection.isReadingPaused()).isFalse(); // what is drawn may become a debt
        sender.sendAll();
        advance(Duration.ofMillis(1900));
        assertThat(sender.connection.isReadingPaused()).isTrue();
        advance(Duration.ofMillis(300));
        assertThat(sender.connection.isReadingPaused()).isFalse();
    }

    @Test
    void allConnectionsOfAPeerHaveOneBurst() {
        List<Sender> senders = senders(100, i -> new Sender(APP, "alice", "10.0.0." + i));

        assertThat(sendAll(senders)).isBetween(BURST, BURST + 102 * PART);
        assertThat(sendFor(Duration.ofSeconds(10), senders)).isBetween(9 * PER_SECOND, 11 * PER_SECOND);
    }

    @Test
    void aNewConnectionBringsNoNewBurst() {
        Sender first = new Sender(APP, "alice", "10.0.0.1");
        first.sendAll();
        first.pace.end();
        Sender second = new Sender(APP, "alice", "10.0.0.2");

        assertThat(second.sendAll()).isLessThanOrEqualTo(2 * PART + 3);
        second.pace.end();
        advance(Duration.ofSeconds(6));
        Sender third = new Sender(APP, "alice", "10.0.0.2");
        assertThat(third.sendAll()).isBetween(BURST, BURST + PART);
    }

    @Test
    void allPeersOfAnAddressAndAppHaveOneBudgetAndOthersHaveTheirs() {
        budgets = new MessageBudgets(
                new LimitsBuilder().messagesPerSecondPerIp(1000).build());
        List<Sender> senders = senders(50, i -> new Sender(APP, "peer" + i, "2001:db8:0:1::" + i));

        assertThat(sendAll(senders)).isBetween(1000, 1000 + 52 * PART);
        assertThat(new Sender(APP, "elsewhere", "2001:db8:0:2::1").sendAll()).isBetween(BURST, BURST + PART);
        assertThat(new Sender(new App("blue"), "other", "2001:db8:0:1::1").sendAll())
                .isBetween(BURST, BURST + PART);
        assertThat(sendFor(Duration.ofSeconds(10), senders)).isBetween(9_000, 11_000);
    }

    @Test
    void aClientThatSendsLittleIsNotStarvedByManyOfItsAddressThatSendMuch() {
        budgets = new MessageBudgets(
                new LimitsBuilder().messagesPerSecondPerIp(1000).build());
        List<Sender> greedy = senders(50, i -> new Sender(APP, "peer" + i, "10.0.0.1"));
        sendAll(greedy);
        sendFor(Duration.ofSeconds(3), greedy);
        Sender modest = new Sender(APP, "modest", "10.0.0.1");
        for (int wanted = 5; wanted <= 100; wanted += 5) { // five a second
            for (int step = 0; step < 100; step++) {
                modest.send(wanted - modest.sent, 10);
                sendFor(Duration.ofMillis(10), greedy);
            }

            assertThat(modest.sent).as("sent within a second").isEqualTo(wanted);
        }
    }

    @Test
    void thoseWhoWaitHaveEqualTurns() {
        budgets = new MessageBudgets(
                new LimitsBuilder().messagesPerSecondPerIp(1000).build());
        List<Sender> senders = senders(20, i -> new Sender(APP, "peer" + i, "10.0.0.1"));
        sendAll(senders);
        senders.forEach(sender -> sender.sent = 0);
        sendFor(Duration.ofSeconds(20), senders);

        assertThat(senders).allSatisfy(sender -> assertThat(sender.sent).isBetween(900, 1100));
    }

    @Test
    void whoWaitsOnAnotherLoopIsServedThere() {
        SimulatedLoop other = new SimulatedLoop();
        Sender first = new Sender(APP, "alice", "10.0.0.1");
        Sender second = new Sender(APP, "alice", "10.0.0.1", other);
        first.sendAll();
        second.sendAll();
        for (int i = 0; i < 10; i++) {
            advance(Duration.ofMillis(50));
            other.advance(Duration.ofMillis(50));
            run(other);
        }

        assertThat(second.connection.isReadingPaused()).isFalse();
    }

    @Test
    void onlyBudgetsInUseAreKept() {
        List<Sender> quiet = senders(10, i -> new Sender(APP, "quiet" + i, "10.0.1." + i));
        quiet.forEach(sender -> sender.send(1, 100));
        assertThat(budgets.count()).isZero();

        List<Sender> senders = senders(10, i -> new Sender(APP, "peer" + i, "10.0.0." + i % 2));
        sendAll(senders);
        assertThat(budgets.count()).isEqualTo(12);
        senders.forEach(sender -> sender.pace.end());
        assertThat(budgets.count()).isEqualTo(12);
        advance(Duration.ofSeconds(6));
        assertThat(budgets.count()).isZero();
        assertThat(loop.isWaiting()).isFalse();
    }

    @Test
    void whatWasDrawnAndNotUsedIsGivenBack() {
        for (int i = 0; i < 300; i++) {
            Sender passing = new Sender(APP, "alice", "10.0.0.1");
            passing.send(3, 10);
            passing.pace.end();
        }
        Sender last = new Sender(APP, "alice", "10.0.0.1");

        assertThat(last.sendAll()).isBetween(BURST - 900, BURST - 900 + PART);
    }

    @Test
    void whoEndsWhileItWaitsOwesWhatItSent() {
        Sender first = new Sender(APP, "alice", "10.0.0.1");
        first.sendAll();
        first.pace.charge(PER_SECOND, 0);
        first.pace.end();
        Sender second = new Sender(APP, "alice", "10.0.0.1");
        second.sendAll();

        advance(Duration.ofMillis(900));
        assertThat(second.connection.isReadingPaused()).isTrue();
        advance(Duration.ofMillis(300));
        assertThat(second.connection.isReadingPaused()).isFalse();
    }

    @Test
    void anAddressMaySendAnythingIfItsRatesAreZero() {
        budgets = new MessageBudgets(new LimitsBuilder()
                .messagesPerSecondPerIp(0)
                .bytesPerSecondPerIp(0)
                .build());
        List<Sender> senders = senders(100, i -> new Sender(APP, "peer" + i, "10.0.0.1"));

        assertThat(sendAll(senders)).isGreaterThanOrEqualTo(100 * BURST);
    }

    private static List<Sender> senders(int count, IntFunction<Sender> sender) {
        return IntStream.range(0, count).mapToObj(sender).toList();
    }

    private static int sendAll(List<Sender> senders) {
        return senders.stream().mapToInt(Sender::sendAll).sum();
    }

    /** What all of them send in this time, each whenever it is read. */
    private int sendFor(Duration time, List<Sender> senders) {
        int sent = 0;
        List<Sender> inTurn = new ArrayList<>(senders);
        for (long passed = 0; passed < time.toMillis(); passed += 10) {
            advance(Duration.ofMillis(10));
            sent += sendAll(inTurn);
        }
        return sent;
    }

    private void advance(Duration time) {
        long millis = time.toMillis();
        for (long passed = 0; passed < millis; passed += 5) {
            loop.advance(Duration.ofMillis(5));
            run(loop);
        }
    }

    private static void run(SimulatedLoop it) {
        while (!it.isIdle()) {
            it.runNext();
        }
    }

    private static InetAddress at(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
