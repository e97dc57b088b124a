// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a part of the configuration looks like. */
sealed interface Shape {

    /** A single setting. */
    record Leaf(Key<?> key) implements Shape {}

    /** Names and what stands there. */
    record Section(Map<String, Shape> fields) implements Shape {

        /** Every setting in it, without those in lists of sections. */
        List<Key<?>> keys() {
            List<Key<?>> keys = new ArrayList<>();
            for (Shape shape : fields.values()) {
                switch (shape) {
                    case Leaf leaf -> keys.add(leaf.key());
                    case Section section -> keys.addAll(section.keys());
                    case Rows rows -> {}
                }
            }
            return keys;
        }

        /** What each row of the list of that name looks like. */
        Section row(String list) {
            if (fields.get(list) instanceof Rows rows) {
                return rows.row();
            }
            throw new IllegalArgumentException(list);
        }

        private void add(Key<?> key, List<String> names) {
            String name = names.getFirst().replace("[]", "");
            if (names.size() == 1) {
                fields.put(name, new Leaf(key));
                return;
            }
            Shape known = fields.computeIfAbsent(
                    name, absent -> names.getFirst().endsWith("[]") ? new Rows(empty()) : empty());
            Section below = known instanceof Rows rows ? rows.row() : (Section) known;
            below.add(key, names.subList(1, names.size()));
        }

        private static Section empty() {
            return new Section(new LinkedHashMap<>());
        }
    }

    /** A list of sections that look the same. */
    record Rows(Section row) implements Shape {}

    /** The shape with room for all these. */
    static Section of(List<Key<?>> keys) {
        Section root = Section.empty();
        keys.forEach(key -> root.add(key, List.of(key.path().split("[.]"))));
        return root;
    }
}
