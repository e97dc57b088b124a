// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.Map;
import java.util.Optional;

/** Finds the meaning of what was written: the shape says what may stand where. The first thing wrong ends it. */
final class Binder {

    private final Shape.Section root;

    Binder(Shape.Section root) {
        this.root = root;
    }

    /**
     * Reads a whole file, without putting defaults into its outermost section.
     *
     * @param place its beginning
     */
    Values bind(Written.Fields written, Place place) throws SettingException {
        Values values = new Values(place, root);
        section(written, root, place, values);
        return values;
    }

    private void section(Written.Fields written, Shape.Section shape, Place place, Values values)
            throws SettingException {
        for (Map.Entry<String, Written.Field> entry : written.fields().entrySet()) {
            String name = entry.getKey();
            Written.Field field = entry.getValue();
            Place below = place.below(field.line(), Shown.key(name));
            Shape expected = shape.fields().get(name);
            if (expected == null) {
                throw below.refused(unknown(name, shape, place));
            }
            field(name, field.value(), expected, below, values);
        }
    }

    private void field(String name, Written written, Shape expected, Place place, Values values)
            throws SettingException {
        switch (expected) {
            case Shape.Leaf leaf -> values.put(leaf.key(), written, place);
            case Shape.Section section -> section(fields(written, section, place), section, place, values);
            case Shape.Rows list -> {
                if (!(written instanceof Written.Items items)) {
                    throw place.refused("must be a list of sections" + of(list.row()));
                }
                int index = 0;
                for (Written item : items.items()) {
                    Place where = place.item(item.line(), index++);
                    Values row = new Values(where, list.row());
                    section(fields(item, list.row(), where), list.row(), where, row);
                    row.complete(false, false);
                    values.add(name, row);
                }
            }
        }
    }

    private static Written.Fields fields(Written written, Shape.Section shape, Place place) throws SettingException {
        if (written instanceof Written.Fields fields) {
            return fields;
        }
        boolean isNothing = written instanceof Written.Text text && text.isNothing();
        throw place.refused((isNothing ? "has no value: " : "") + "must be a section" + of(shape));
    }

    private static String of(Shape.Section shape) {
        return " with the keys " + String.join(", ", shape.fields().keySet());
    }

    private String unknown(String name, Shape.Section shape, Place place) {
        Optional<String> meant = Suggestion.of(name, shape.fields().keySet());
        if (meant.isPresent()) {
            return "unknown key, did you mean '" + meant.get() + "'?";
        }
        Optional<String> elsewhere = root.keys().stream()
                .map(Key::path)
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
