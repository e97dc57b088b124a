// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index beside a sorted set of the JDK. */
class NameIndexTest {

    private final NameIndex index = new NameIndex();
    private final TreeSet<String> truth = new TreeSet<>();

    @Test
    void anEmptyIndexHasNoNames() {
        index.remove("a");

        assertThat(index.from("", 10)).isEmpty();
        assertThat(index.after("", 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itHoldsWhatASortedSetHolds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            change(random, 5_000, 80); // grows
            change(random, 5_000, 20); // shrinks
        }
        truth.forEach(index::remove);
        assertThat(index.from("", 1)).isEmpty();
    }

    private void change(Random random, int times, int percentAdded) {
        for (int i = 0; i < times; i++) {
            String name = "n" + random.nextInt(4_000);
            if (random.nextInt(100) < percentAdded) {
                index.add(name);
                truth.add(name);
            } else {
                index.remove(name);
                truth.remove(name);
            }
            if (i % 50 == 0) {
                compare("n" + random.nextInt(4_000), 1 + random.nextInt(600));
            }
        }
        compare("", Integer.MAX_VALUE);
        compare("zzz", 1);
    }

    private void compare(String name, int max) {
        assertThat(index.after(name, max))
                .isEqualTo(truth.tailSet(name, false).stream().limit(max).toList());
        assertThat(index.from(name, max))
                .isEqualTo(truth.tailSet(name, true).stream().limit(max).toList());
    }

    @Test
    void namesAddedInOrderAndInReverseAreFound() {
        List<String> names =
                IntStream.range(10_000, 12_000).mapToObj(Integer::toString).toList();
        names.forEach(index::add);
        names.reversed().forEach(index::add);

        assertThat(index.from("", 5_000)).isEqualTo(names);
        names.reversed().forEach(index::remove);
        assertThat(index.from("", 5_000)).isEmpty();
    }
}
