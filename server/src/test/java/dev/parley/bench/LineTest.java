// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineTest {

    @Test
    void signalsAreDoneInTheOrderInWhichTheyWereSentHoweverManyAreUnderWay() {
        Random random = new Random(1);
        Line line = line(false);
        Queue<Long> truth = new ArrayDeque<>();
        for (long due = 0; due < 10_000; due++) {
            line.send(due);
            truth.add(due);
            for (int arrivals = random.nextInt(3); arrivals > 0 && !truth.isEmpty(); arrivals--) {
                assertThat(line.arrived()).isTrue();
                assertThat(line.done()).isEqualTo(truth.remove());
            }
            assertThat(line.underWay()).isEqualTo(truth.size());
        }
    }

    @Test
    void anAcknowledgedSignalIsDoneOnceBothHaveComeWhicheverComesFirst() {
        Line line = line(true);
        assertThat(line.arrived()).isFalse();
        assertThat(line.acknowledged()).isTrue();
        assertThat(line.acknowledged()).isFalse();
        assertThat(line.acknowledged()).isFalse();
        assertThat(line.arrived()).isTrue();
        assertThat(line.arrived()).isTrue();
        assertThat(line.arrived()).isFalse();
    }

    private static Line line(boolean isAcknowledged) {
        Client nobody =
                new Client(0, "room", new MinimalProtocol("key"), new Outbox(Runnable::run), (client, why) -> {});
        return new Line(nobody, Unpooled.EMPTY_BUFFER, isAcknowledged, 1);
    }
}
