// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

class SmokeTest {

    @Test
    void everyBenchmarkRuns() throws RunnerException {
        var onceEach = new OptionsBuilder()
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .build();

        assertThat(new Runner(onceEach).run()).isNotEmpty();
    }
}
