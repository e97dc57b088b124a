// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OrderedIdsTest {

    private static final long NOW = 1_796_070_419_460L;

    @Test
    void idsSortByTheTimeTheyAreMade() {
        assertThat(LongStream.range(NOW - 50, NOW + 5000).mapToObj(OrderedIds::next))
                .isSorted();
    }

    @Test
    void idsAreUuidsOfVersion7WithTheTime() {
        UUID id = UUID.fromString(OrderedIds.next(NOW));
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW);
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        assertThat(LongStream.range(0, 1000).mapToObj(i -> OrderedIds.next(NOW)))
                .doesNotHaveDuplicates();
    }
}
