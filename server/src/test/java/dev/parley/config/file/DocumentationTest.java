// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {

    @Test
    void theDocumentationListsTheSettingsOfTheCode() {
        List<String> code =
                SettingCatalog.table().stream().map(DocumentationTest::item).toList();
        assertThat(Documentation.items("Every setting")).containsExactlyInAnyOrderElementsOf(code);
    }

    @Test
    void everyVariableThatIsNoSettingIsDocumented() {
        assertThat(Documentation.items("Without a file"))
                .map(item -> item.substring(3, item.indexOf('`', 3)))
                .containsExactlyInAnyOrderElementsOf(EnvironmentVariables.OTHERS);
    }

    /** The item of a setting: path, and in parentheses type, default, range and variable; then what it is. */
    private static String item(SettingKey<?> key) {
        String facts = Stream.of(
                        key.kind().name(),
                        standard(key.standard()),
                        key.kind().range(),
                        key.variable().map(DocumentationTest::code).orElse(""))
                .filter(fact -> !fact.isEmpty())
                .collect(Collectors.joining("; "));
        return "- " + code(key.path()) + " (" + facts + "): " + key.description();
    }

    private static String standard(DefaultValue standard) {
        if (standard.isRequired()) {
            return "required";
        }
        String text = standard.text().map(it -> "default " + value(it)).orElse("no default");
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
