// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a part of the configuration looks like. */
sealed interface SectionShape {

    /** A single setting. */
    record Leaf(SettingKey<?> key) implements SectionShape {}

    /** A section: the shapes of its settings, by name. */
    record Section(Map<String, SectionShape> fields) implements SectionShape {

        /** Every setting in it, without those in lists of sections. */
        List<SettingKey<?>> keys() {
            List<SettingKey<?>> keys = new ArrayList<>();
            for (SectionShape shape : fields.values()) {
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

        private void add(SettingKey<?> key, List<String> names) {
            String name = names.getFirst().replace("[]", "");
            if (names.size() == 1) {
                fields.put(name, new Leaf(key));
                return;
            }
            SectionShape known = fields.computeIfAbsent(
                    name, absent -> names.getFirst().endsWith("[]") ? new Rows(empty()) : empty());
            Section below = known instanceof Rows rows ? rows.row() : (Section) known;
            below.add(key, names.subList(1, names.size()));
        }

        private static Section empty() {
            return new Section(new LinkedHashMap<>());
        }
    }

    /** A list of sections that look the same. */
    record Rows(Section row) implements SectionShape {}

    /** Returns the section that contains all these settings. */
    static Section of(List<SettingKey<?>> keys) {
        Section root = Section.empty();
        keys.forEach(key -> root.add(key, List.of(key.path().split("[.]"))));
        return root;
    }
}
