// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalLineTest {

    @Test
    void signalsAreDoneInTheOrderInWhichTheyWereSentHoweverManyAreUnderWay() {
        Random random = new Random(1);
        SignalLine line = line(false);
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
        SignalLine line = line(true);
        assertThat(line.arrived()).isFalse();
        assertThat(line.acknowledged()).isTrue();
        assertThat(line.acknowledged()).isFalse();
        assertThat(line.acknowledged()).isFalse();
        assertThat(line.arrived()).isTrue();
        assertThat(line.arrived()).isTrue();
        assertThat(line.arrived()).isFalse();
    }

    private static SignalLine line(boolean isAcknowledged) {
        BenchClient nobody = new BenchClient(
                0, "room", new MinimalProtocol("key"), new WriteBatch(Runnable::run), (client, why) -> {});
        return new SignalLine(nobody, Unpooled.EMPTY_BUFFER, isAcknowledged, 1);
    }
}
