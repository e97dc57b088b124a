// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.ArrayList;
import java.util.List;

/** The settings of a section, in the order of the documentation. */
final class SettingTable {

    private final List<SettingKey<?>> keys = new ArrayList<>();

    /** Adds a setting, and returns it. */
    <T> SettingKey<T> add(String path, ValueKind<T> kind, DefaultValue standard, String description) {
        SettingKey<T> key = new SettingKey<>(path, kind, standard, description);
        keys.add(key);
        return key;
    }

    /** Adds the settings of a section inside of this one. */
    void addAll(SettingTable section) {
        keys.addAll(section.keys);
    }

    List<SettingKey<?>> keys() {
        return keys;
    }
}
