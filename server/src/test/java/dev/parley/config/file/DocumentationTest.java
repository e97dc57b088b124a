// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {

    @Test
    void theTableOfTheDocumentationIsTheTableOfTheCode() {
        List<String> code =
                SettingCatalog.table().stream().map(DocumentationTest::row).toList();
        assertThat(Documentation.rows("Every setting")).containsExactlyInAnyOrderElementsOf(code);
    }

    @Test
    void everyVariableThatIsNoSettingIsDocumented() {
        assertThat(Documentation.rows("Without a file"))
                .map(row -> row.substring(3, row.indexOf('`', 3)))
                .containsExactlyInAnyOrderElementsOf(EnvironmentVariables.OTHERS);
    }

    /** The row of a setting: path, type, default, range, variable, sentence. */
    private static String row(SettingKey<?> key) {
        return Stream.of(
                        code(key.path()),
                        key.kind().name(),
                        standard(key.standard()),
                        key.kind().range(),
                        key.variable().map(DocumentationTest::code).orElse(""),
                        key.description())
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String standard(DefaultValue standard) {
        if (standard.isRequired()) {
            return "required";
        }
        String text = standard.text().map(DocumentationTest::value).orElse("none");
        return text
                + standard.strict().map(value -> ", strict: " + value(value)).orElse("")
                + standard.development()
                        .map(value -> ", development: " + value(value))
                        .orElse("");
    }

    private static String value(String text) {
        return text.isEmpty() ? "empty" : code(text.replace(",", ", "));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
