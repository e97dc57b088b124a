// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replay one seed with {@code mvn -pl server -am test -Dtest=MinimalSimulationTest -Dsimulation.seed=N}; run more of
 * them with {@code -Dsimulation.seeds=N}.
 */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class MinimalSimulationTest {

    private static final int STEPS = 2_000;
    private static final int SEEDS_TO_FIND_A_BUG = 200;

    @Test
    void everyClientReadsWhatTheTruthSaysWhoeverIsLostAndWhicheverLoopIsAhead() {
        Long seed = Long.getLong("simulation.seed");
        LongStream seeds =
                seed != null ? LongStream.of(seed) : LongStream.range(0, Long.getLong("simulation.seeds", 500));
        seeds.forEach(it -> run(it, new Faults()));
    }

    @ParameterizedTest
    @MethodSource
    void findsThePlantedBug(Supplier<Faults> bug) {
        boolean isFound = LongStream.range(0, SEEDS_TO_FIND_A_BUG).anyMatch(seed -> fails(seed, bug.get()));

        assertThat(isFound).isTrue();
    }

    static Stream<Arguments> findsThePlantedBug() {
        return Stream.of(
                planted("a loop that lets tasks overtake", Faults.Overtaking::new),
                planted("a connection that sends twice", Faults.Doubling::new),
                planted("a connection that drops", Faults.Dropping::new),
                planted("a connection that leaks frames", Faults.Leaking::new),
                planted("an end that is not reported", Faults.Ghost::new),
                planted("two rooms that are one", Faults.Mixing::new));
    }

    private static Arguments planted(String name, Supplier<Faults> bug) {
        return Arguments.argumentSet(name, bug);
    }

    private static boolean fails(long seed, Faults bug) {
        try {
            run(seed, bug);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void run(long seed, Faults faults) {
        try {
            new MinimalSimulation(seed, faults).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " failed", e);
        }
    }
}
