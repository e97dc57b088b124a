// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTest {

    @ParameterizedTest
    @ValueSource(strings = {"alice", "5f0c-1", "user@example.com", "a/b:c+d.e_f"})
    void usualNamesStandAsTheyAre(String name) {
        assertThat(Plain.of(name)).isEqualTo(name);
    }

    @Test
    void whatCouldPassForAnotherFieldIsQuoted() {
        assertThat(Plain.of("a app=b")).isEqualTo("\"a app=b\"");
        assertThat(Plain.of("a\" app=\"b")).isEqualTo("\"a\\\" app=\\\"b\"");
        assertThat(Plain.of("")).isEqualTo("\"\"");
        assertThat(Plain.of("\u001b[31m\n")).isEqualTo("\"\\u001b[31m\\u000a\"");
    }
}
