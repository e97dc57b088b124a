// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was read of one section, of those in it, and of the lists in it: of the whole file, or of one row of a list. */
final class SectionValues {

    private final SourceLocation place;
    private final SectionShape.Section shape;
    private final Map<SettingKey<?>, BoundValue<?>> given = new HashMap<>();
    private final Map<String, List<SectionValues>> rows = new HashMap<>();

    SectionValues(SourceLocation place, SectionShape.Section shape) {
        this.place = place;
        this.shape = shape;
    }

    /** Where it begins. */
    SourceLocation place() {
        return place;
    }

    SectionShape.Section shape() {
        return shape;
    }

    /** Reads what was written and takes it, in place of what was there. */
    <T> void put(SettingKey<T> key, WrittenValue written, SourceLocation where) throws SettingException {
        given.put(key, new BoundValue<>(key.kind().read(written, where), written, where, false));
    }

    /** Takes a row of the list of that name. */
    void add(String list, SectionValues row) {
        rows.computeIfAbsent(list, absent -> new ArrayList<>()).add(row);
    }

    void remove(SettingKey<?> key) {
        given.remove(key);
    }

    boolean has(SettingKey<?> key) {
        return given.containsKey(key);
    }

    /** Whether a value was written, and is not the default. */
    boolean isWritten(SettingKey<?> key) {
        BoundValue<?> value = given.get(key);
        return value != null && !value.isDefault();
    }

    /** Puts the defaults where nothing was written. */
    void complete(boolean isStrict, boolean isDevelopment) throws SettingException {
        for (SettingKey<?> key : shape.keys()) {
            if (!has(key)) {
                complete(key, isStrict, isDevelopment);
            }
        }
    }

    private <T> void complete(SettingKey<T> key, boolean isStrict, boolean isDevelopment) throws SettingException {
        SourceLocation where = place.below(place.line(), key.pathInRow());
        if (key.standard().isRequired()) {
            throw where.refused("must be given: " + key.kind().allowed());
        }
        Optional<String> text = key.standard().in(isStrict, isDevelopment);
        if (text.isPresent()) {
            WrittenValue written = key.kind().written(text.get());
            given.put(key, new BoundValue<>(key.kind().read(written, where), written, where, true));
        }
    }

    /** The value of a setting that has a default or must be given. */
    <T> T get(SettingKey<T> key) {
        return find(key).orElseThrow();
    }

    /** The value of a setting, if there is one. */
    <T> Optional<T> find(SettingKey<T> key) {
        return given(key).map(BoundValue::value);
    }

    /** The value with where it was written, if there is one. */
    @SuppressWarnings("unchecked") // put adds only what the kind of the key reads
    <T> Optional<BoundValue<T>> given(SettingKey<T> key) {
        return Optional.ofNullable((BoundValue<T>) given.get(key));
    }

    /** Where a setting stands, or would. */
    SourceLocation place(SettingKey<?> key) {
        BoundValue<?> value = given.get(key);
        return value == null ? place : value.place();
    }

    /** The rows of the list of that name. */
    List<SectionValues> rows(String list) {
        return rows.getOrDefault(list, List.of());
    }
}
