// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOutcomeTest {

    @Test
    void anotherProcessReadsWhatOneWrote() {
        BenchOutcome written =
                outcome(7, "it broke: a \"word\" of the server", Map.of("signals", 3L, "backMillis", 40L));
        BenchOutcome read = BenchOutcome.decode(written.encode());
        assertThat(read).usingRecursiveComparison().ignoringFields("nanos").isEqualTo(written);
        assertThat(read.nanos()).isEqualTo(written.nanos());
    }

    @Test
    void thatNothingWentWrongIsReadAsThat() {
        assertThat(BenchOutcome.decode(outcome(7, "", Map.of()).encode()).firstError())
                .isEmpty();
    }

    @Test
    void whatPartsDidAddsUpAndTheirTimesDoNot() {
        BenchOutcome sum = BenchOutcome.sum(List.of(
                outcome(7, "", Map.of("signals", 3L, "backMillis", 40L)),
                outcome(5, "broken", Map.of("signals", 4L, "backMillis", 30L))));
        assertThat(sum.operations()).isEqualTo(12);
        assertThat(sum.lost()).isEqualTo(4);
        assertThat(sum.nanosMeasured()).isEqualTo(1_000);
        assertThat(sum.firstError()).isEqualTo("broken");
        assertThat(sum.extras()).isEqualTo(Map.of("signals", 7L, "backMillis", 40L));
        assertThat(sum.nanos().getTotalCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 100, 1024, 65_536})
    void dataHasExactlyTheSizeThatWasAskedFor(int bytes) {
        assertThat(SignalData.json(bytes).getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
    }

    private static BenchOutcome outcome(long operations, String error, Map<String, Long> extras) {
        Histogram nanos = new Histogram(60_000_000_000L, 3);
        nanos.recordValue(operations * 1000);
        return new BenchOutcome(operations, 1_000, 2, error.isEmpty() ? 0 : 1, error, nanos, extras);
    }
}
