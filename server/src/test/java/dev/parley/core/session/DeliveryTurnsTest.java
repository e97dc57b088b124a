// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.port.LoopTimer;
import dev.parley.simulation.SimulatedLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryTurnsTest {

    private static final int MANY = 100;
    private static final int BYTES = 1_000;
    private static final int COST = DeliveryTurns.cost(MANY, BYTES);

    /** Two deliveries are under way at a time. */
    private final DeliveryTurns turns = new DeliveryTurns(MANY, 2L * COST, COST, COST);

    private final AppDeliveries app = turns.ofApp();
    private final AppDeliveries other = turns.ofApp();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> begun = new ArrayList<>();

    @Test
    void onlySignalsForManyTakePart() {
        assertThat(app.isMany(MANY - 1)).isFalse();
        assertThat(app.isMany(MANY)).isTrue();
    }

    @Test
    void aDeliveryHasToWaitWhileAsMuchIsUnderWayAsMayBe() {
        app.begin(MANY, BYTES);
        assertThat(app.isBusy()).isFalse();
        app.begin(MANY, BYTES);
        assertThat(other.isBusy()).isTrue();

        app.end(MANY, BYTES);
        assertThat(other.isBusy()).isFalse();
    }

    @Test
    void lessMayBeUnderWayWhileDeliveriesTakeLong() {
        app.begin(MANY, BYTES);
        for (int i = 0; i < 100; i++) {
            app.took(MANY, BYTES, 5L * COST); // ten times as long as it should
        }
        assertThat(other.isBusy()).isTrue();

        for (int i = 0; i < 100; i++) {
            app.took(MANY, BYTES, COST / 10);
        }
        assertThat(other.isBusy()).isFalse();
    }

    @Test
    void whoWaitsHasItsTurnWhenHalfOfTheBoundIsFree() {
        begin(2);
        await(app, "a", "first");
        run();
        assertThat(begun).isEmpty();

        app.end(MANY, BYTES);
        run();
        assertThat(begun).containsExactly("first");
    }

    @Test
    void whoeverComesLaterDoesNotOvertakeThoseThatWait() {
        begin(2);
        await(app, "a", "first");
        app.end(MANY / 4, BYTES); // less is under way than may be, and more than half of it

        assertThat(app.isBusy()).isTrue();
    }

    @Test
    void anotherAppWaitsForOneDeliveryAtMostHoweverManyWait() {
        begin(2);
        for (int i = 0; i < 100; i++) {
            await(app, "address " + i, "hostile");
        }
        await(other, "a", "honest");

        assertThat(nextTurns(3)).contains("honest");
    }

    @Test
    void anotherAddressWaitsForOneDeliveryAtMostHoweverManyWait() {
        begin(2);
        for (int i = 0; i < 100; i++) {
            await(app, "a", "hostile");
        }
        await(app, "b", "honest");

        assertThat(nextTurns(3)).contains("honest");
    }

    @Test
    void anAppOfSmallDeliveriesHasAsManyTurnsAsOneLargeDeliveryCosts() {
        begin(2);
        for (int i = 0; i < 100; i++) {
            app.await("a", loop, 10 * MANY, BYTES, () -> begun.add("large"));
            await(other, "b", "small");
        }

        List<String> served = nextTurns(44);
        assertThat(served).filteredOn("large"::equals).hasSizeBetween(3, 5);
    }

    @Test
    void oneThatCostsMoreThanMayBeUnderWayHasItsTurnToo() {
        begin(2);
        app.await("a", loop, 1_000_000, 1_000_000, () -> begun.add("huge"));

        assertThat(nextTurns(1)).containsExactly("huge");
    }

    @Test
    void oneThatCannotBePostedForWantOfMemoryHasItsTurnLater() {
        SimulatedLoop failing = new SimulatedLoop() {
            private boolean hasFailed;

            @Override
            public void post(Runnable task) {
                if (!hasFailed) {
                    hasFailed = true;
                    throw new OutOfMemoryError("as in the test");
                }
                loop.post(task);
            }

            @Override
            public LoopTimer schedule(Duration delay, Runnable task) {
                return loop.schedule(delay, task);
            }
        };
        begin(2);
        app.await("a", failing, MANY, BYTES, () -> begun.add("first"));
        assertThatThrownBy(() -> app.end(MANY, BYTES)).isInstanceOf(OutOfMemoryError.class);

        loop.advance(Duration.ofSeconds(1));
        run();
        assertThat(begun).containsExactly("first");
    }

    @Test
    void whatIsDeliveredToManyIsUnderWayUntilTheirSocketsWereWrittenTo() {
        begin(1);
        app.begin(MANY, BYTES);
        loop.post(() -> app.endBehindWrites(loop, MANY, BYTES));
        loop.runNext();
        Runnable flush = () -> begun.add("flush, busy: " + app.isBusy());
        flush.run();
        run();

        assertThat(begun).containsExactly("flush, busy: true");
        assertThat(app.isBusy()).isFalse();
    }

    private void begin(int deliveries) {
        for (int i = 0; i < deliveries; i++) {
            app.begin(MANY, BYTES);
        }
    }

    private void await(AppDeliveries of, String address, String name) {
        of.await(address, loop, MANY, BYTES, () -> begun.add(name));
    }

    /** Ends what is under way, and returns those whose turn it is then. */
    private List<String> nextTurns(int count) {
        app.end(MANY, BYTES);
        while (begun.size() < count && !loop.isIdle()) {
            loop.runNext();
        }
        return begun.subList(0, Math.min(count, begun.size()));
    }

    private void run() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
