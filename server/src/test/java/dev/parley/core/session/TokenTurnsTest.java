// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenTurnsTest {

    private final TokenTurns turns = new TokenTurns();

    @Test
    void everyTokenIsGoodUntilTheClientShowsThatItHasALaterOne() {
        turns.next();
        turns.next();
        assertThat(turns.isValid(1)).isTrue();
        assertThat(turns.isValid(3)).isTrue();

        turns.confirm();
        assertThat(turns.isValid(1)).isFalse();
        assertThat(turns.isValid(2)).isFalse();
        assertThat(turns.isValid(3)).isTrue();
    }

    @Test
    void aTokenThatWasNeverGivenIsNoToken() {
        assertThat(turns.isValid(0)).isFalse();
        assertThat(turns.isValid(2)).isFalse();
        assertThat(turns.newest()).isEqualTo(1);
    }
}
