// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.Map;
import java.util.Optional;

/** Finds the meaning of what was written: the shape says what may stand where. */
final class ConfigurationBinder {

    private final SectionShape.Section root;
    private final SettingFaults faults;

    /** @param faults records what is wrong */
    ConfigurationBinder(SectionShape.Section root, SettingFaults faults) {
        this.root = root;
        this.faults = faults;
    }

    /**
     * Reads a whole file, without putting defaults into its outermost section.
     *
     * @param place its beginning
     */
    SectionValues bind(WrittenValue.Fields written, SourceLocation place) {
        SectionValues values = new SectionValues(place, root);
        section(written, root, place, values);
        return values;
    }

    private void section(
            WrittenValue.Fields written, SectionShape.Section shape, SourceLocation place, SectionValues values) {
        for (Map.Entry<String, WrittenValue.Field> entry : written.fields().entrySet()) {
            String name = entry.getKey();
            WrittenValue.Field field = entry.getValue();
            SourceLocation below = place.below(field.line(), QuotedInput.key(name));
            faults.check(() -> {
                SectionShape expected = shape.fields().get(name);
                if (expected == null) {
                    KeySuggestion.of(name, shape.fields().keySet())
                            .ifPresent(
                                    meant -> values.addMisspelt(shape.fields().get(meant)));
                    throw below.refused(unknown(name, shape, place));
                }
                field(name, field.value(), expected, below, values);
            });
        }
    }

    private void field(
            String name, WrittenValue written, SectionShape expected, SourceLocation place, SectionValues values)
            throws SettingException {
        switch (expected) {
            case SectionShape.Leaf leaf -> values.put(leaf.key(), written, place);
            case SectionShape.Section section -> section(fields(written, section, place), section, place, values);
            case SectionShape.Rows list -> {
                if (!(written instanceof WrittenValue.Items items)) {
                    throw place.refused("must be a list of sections" + of(list.row()));
                }
                int index = 0;
                for (WrittenValue item : items.items()) {
                    SourceLocation where = place.item(item.line(), index++);
                    faults.check(() -> values.add(name, row(item, list.row(), where)));
                }
            }
        }
    }

    private SectionValues row(WrittenValue written, SectionShape.Section shape, SourceLocation place)
            throws SettingException {
        SectionValues row = new SectionValues(place, shape);
        section(fields(written, shape, place), shape, place, row);
        row.complete(false, false, faults);
        return row;
    }

    private static WrittenValue.Fields fields(WrittenValue written, SectionShape.Section shape, SourceLocation place)
            throws SettingException {
        if (written instanceof WrittenValue.Fields fields) {
            return fields;
        }
        boolean isNothing = written instanceof WrittenValue.Text text && text.isNothing();
        throw place.refused((isNothing ? "has no value: " : "") + "must be a section" + of(shape));
    }

    private static String of(SectionShape.Section shape) {
        return " with the keys " + String.join(", ", shape.fields().keySet());
    }

    private String unknown(String name, SectionShape.Section shape, SourceLocation place) {
        Optional<String> meant = KeySuggestion.of(name, shape.fields().keySet());
        if (meant.isPresent()) {
            return "unknown key, did you mean '" + meant.get() + "'?";
        }
        Optional<String> elsewhere = root.keys().stream()
                .map(SettingKey::path)
                .filter(path -> path.endsWith("." + name) || path.equals(name))
                .findFirst();
        if (elsewhere.isPresent()) {
            return "unknown key, did you mean " + (place.key().isEmpty() ? "" : "the outermost ") + "'"
                    + elsewhere.get() + "'?";
        }
        return "unknown key, allowed " + (place.key().isEmpty() ? "" : "in " + place.key() + " ") + "are "
                + String.join(", ", shape.fields().keySet());
    }
}
