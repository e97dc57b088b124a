// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Everything that was read and every default, as YAML that can be shown: secrets are stars. */
final class MaskedConfiguration {

    private static final String STARS = "\"***\"";
    private static final String EMPTY = "\"\"";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9._/:-]*(?<!:)");
    private static final Pattern NOTHING = Pattern.compile("null|Null|NULL");

    private MaskedConfiguration() {}

    /** A line for every section; a key of an app has a line of its own. */
    static List<String> lines(SectionValues values) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, SectionShape> field : values.shape().fields().entrySet()) {
            if (field.getValue() instanceof SectionShape.Rows) {
                apps(field.getKey(), values.rows(field.getKey()), lines);
            } else {
                shown(field.getValue(), values).ifPresent(text -> lines.add(field.getKey() + ": " + text));
            }
        }
        return lines;
    }

    private static void apps(String name, List<SectionValues> rows, List<String> lines) {
        if (rows.isEmpty()) {
            return;
        }
        lines.add(name + ":");
        for (SectionValues row : rows) {
            String start = "  - ";
            for (Map.Entry<String, SectionShape> field : row.shape().fields().entrySet()) {
                if (field.getValue() instanceof SectionShape.Rows rowsBelow) {
                    keys(field.getKey(), rowsBelow, row.rows(field.getKey()), lines);
                } else {
                    Optional<String> text = shown(field.getValue(), row);
                    if (text.isPresent()) {
                        lines.add(start + field.getKey() + ": " + text.get());
                        start = "    ";
                    }
                }
            }
        }
    }

    private static void keys(String name, SectionShape.Rows shape, List<SectionValues> rows, List<String> lines) {
        if (!rows.isEmpty()) {
            lines.add("    " + name + ":");
            rows.forEach(row -> lines.add("      - " + shown(shape.row(), row).orElse("{}")));
        }
    }

    /** What stands there in a line, if anything does. */
    private static Optional<String> shown(SectionShape shape, SectionValues values) {
        return switch (shape) {
            case SectionShape.Leaf leaf -> shown(leaf.key(), values);
            case SectionShape.Section section -> shown(section, values);
            case SectionShape.Rows rows -> Optional.empty();
        };
    }

    private static Optional<String> shown(SectionShape.Section section, SectionValues values) {
        String fields = section.fields().entrySet().stream()
                .flatMap(field -> shown(field.getValue(), values).stream().map(text -> field.getKey() + ": " + text))
                .collect(Collectors.joining(", "));
        return fields.isEmpty() ? Optional.empty() : Optional.of("{" + fields + "}");
    }

    private static <T> Optional<String> shown(SettingKey<T> key, SectionValues values) {
        return values.given(key)
                .map(given ->
                        key.kind().isSecret() && !text(given.written()).equals(EMPTY) ? STARS : text(given.written()));
    }

    private static String text(WrittenValue written) {
        return switch (written) {
            case WrittenValue.Text text -> quoted(text.text());
            case WrittenValue.Items items ->
                items.items().stream().map(MaskedConfiguration::text).collect(Collectors.joining(", ", "[", "]"));
            case WrittenValue.Fields fields -> "{}";
        };
    }

    private static String quoted(String text) {
        boolean isPlain =
                PLAIN.matcher(text).matches() && !NOTHING.matcher(text).matches();
        return isPlain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
