// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"alice", "5f0c-1", "user@example.com", "a/b:c+d.e_f"})
    void usualNamesStandAsTheyAre(String name) {
        assertThat(LogText.of(name)).isEqualTo(name);
    }

    @Test
    void whatCouldPassForAnotherFieldIsQuoted() {
        assertThat(LogText.of("a app=b")).isEqualTo("\"a app=b\"");
        assertThat(LogText.of("a\" app=\"b")).isEqualTo("\"a\\\" app=\\\"b\"");
        assertThat(LogText.of("")).isEqualTo("\"\"");
        assertThat(LogText.of("\u001b[31m\n")).isEqualTo("\"\\u001b[31m\\u000a\"");
    }
}
