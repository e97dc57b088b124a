// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.session.RequestReceipts.Order;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestReceiptsTest {

    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<Long> acknowledged = new ArrayList<>();
    private final RequestReceipts receipts =
            new RequestReceipts(new SimulatedConnection(1, loop, (client, frame) -> {}), acknowledged::add);

    @Test
    void aRequestThatIsSentAgainIsKnown() {
        assertThat(receipts.record(1)).isEqualTo(Order.NEW);
        assertThat(receipts.record(2)).isEqualTo(Order.NEW);
        assertThat(receipts.record(1)).isEqualTo(Order.KNOWN);
        assertThat(receipts.record(2)).isEqualTo(Order.KNOWN);
        assertThat(receipts.received()).isEqualTo(2);
    }

    @Test
    void aRequestThatWasNotReceivedIsMissing() {
        receipts.record(1);

        assertThat(receipts.record(3)).isEqualTo(Order.MISSING);
        assertThat(receipts.record(2)).isEqualTo(Order.NEW);
        assertThat(receipts.record(3)).isEqualTo(Order.NEW);
    }

    @Test
    void whatCannotBeReadMayHaveTakenANumberEach() {
        receipts.record(1);
        receipts.recordUnreadable();
        receipts.recordUnreadable();

        assertThat(receipts.record(5)).isEqualTo(Order.MISSING);
        assertThat(receipts.record(4)).isEqualTo(Order.NEW);
        assertThat(receipts.record(6)).as("they count once").isEqualTo(Order.MISSING);
    }

    @Test
    void requestsAreAcknowledgedTogetherAMomentAfterTheFirst() {
        receipts.record(1);
        receipts.record(2);
        pass(499);
        assertThat(acknowledged).isEmpty();
        pass(1);
        assertThat(acknowledged).containsExactly(2L);
        pass(5_000);
        assertThat(acknowledged).containsExactly(2L);
    }

    @Test
    void manyRequestsAreAcknowledgedAtOnce() {
        for (int i = 1; i <= 130; i++) {
            receipts.record(i);
        }
        assertThat(acknowledged).containsExactly(64L, 128L);
        pass(500);
        assertThat(acknowledged).containsExactly(64L, 128L, 130L);
    }

    private void pass(int millis) {
        loop.advance(Duration.ofMillis(millis));
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }
}
