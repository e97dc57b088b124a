// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was read of one section, of those in it, and of the lists in it: of the whole file, or of one row of a list. */
final class SectionValues {

    private final SourceLocation place;
    private final SectionShape.Section shape;
    private final Map<SettingKey<?>, BoundValue<?>> given = new HashMap<>();
    private final Map<String, List<SectionValues>> rows = new HashMap<>();

    /** Settings that were written, or must be given, and have no value that can be used. */
    private final Set<SettingKey<?>> faulty = new HashSet<>();

    SectionValues(SourceLocation place, SectionShape.Section shape) {
        this.place = place;
        this.shape = shape;
    }

    /** Returns where the section begins. */
    SourceLocation place() {
        return place;
    }

    SectionShape.Section shape() {
        return shape;
    }

    /** Reads what was written and takes it, in place of what was there. */
    <T> void put(SettingKey<T> key, WrittenValue written, SourceLocation where) throws SettingException {
        faulty.add(key);
        given.put(key, new BoundValue<>(key.kind().read(written, where), written, where, false));
        faulty.remove(key);
    }

    /** Something was written under a wrong name, which was meant for this: it is not missing too. */
    void addMisspelt(@Nullable SectionShape meant) {
        if (meant instanceof SectionShape.Leaf leaf) {
            faulty.add(leaf.key());
        }
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
    void complete(boolean isStrict, boolean isDevelopment, SettingFaults faults) {
        for (SettingKey<?> key : shape.keys()) {
            if (!has(key) && !faulty.contains(key)) {
                faulty.add(key);
                faults.check(() -> {
                    complete(key, isStrict, isDevelopment);
                    faulty.remove(key);
                });
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

    /**
     * The value of a setting, if there is one.
     *
     * @throws FaultyValueException if a value was written or is required, and cannot be used
     */
    <T> Optional<T> find(SettingKey<T> key) {
        if (faulty.contains(key)) {
            throw new FaultyValueException(key);
        }
        return given(key).map(BoundValue::value);
    }

    /**
     * The value of a setting, or of the one that names a file with the value, if there is one.
     *
     * @throws SettingException if both are given
     */
    <T> Optional<T> either(SettingKey<T> key, SettingKey<T> file) throws SettingException {
        if (has(key) && has(file)) {
            throw place(file).refused("either '" + key.name() + "' or '" + file.name() + "' is allowed, not both");
        }
        return find(key).or(() -> find(file));
    }

    /** The value with where it was written, if there is one. */
    @SuppressWarnings("unchecked") // put adds only what the kind of the key reads
    <T> Optional<BoundValue<T>> given(SettingKey<T> key) {
        return Optional.ofNullable((BoundValue<T>) given.get(key));
    }

    /** Returns where the setting is written, or else where its section begins. */
    SourceLocation place(SettingKey<?> key) {
        BoundValue<?> value = given.get(key);
        return value == null ? place : value.place();
    }

    /** The rows of the list of that name. */
    List<SectionValues> rows(String list) {
        return rows.getOrDefault(list, List.of());
    }
}
