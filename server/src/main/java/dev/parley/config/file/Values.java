// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was read of one section, of those in it, and of the lists in it: of the whole file, or of one row of a list. */
final class Values {

    private final Place place;
    private final Shape.Section shape;
    private final Map<Key<?>, Given<?>> given = new HashMap<>();
    private final Map<String, List<Values>> rows = new HashMap<>();

    Values(Place place, Shape.Section shape) {
        this.place = place;
        this.shape = shape;
    }

    /** Where it begins. */
    Place place() {
        return place;
    }

    Shape.Section shape() {
        return shape;
    }

    /** Reads what was written and takes it, in place of what was there. */
    <T> void put(Key<T> key, Written written, Place where) throws SettingException {
        given.put(key, new Given<>(key.kind().read(written, where), written, where, false));
    }

    /** Takes a row of the list of that name. */
    void add(String list, Values row) {
        rows.computeIfAbsent(list, absent -> new ArrayList<>()).add(row);
    }

    void remove(Key<?> key) {
        given.remove(key);
    }

    boolean has(Key<?> key) {
        return given.containsKey(key);
    }

    /** Whether a value was written, and is not the default. */
    boolean isWritten(Key<?> key) {
        Given<?> value = given.get(key);
        return value != null && !value.isDefault();
    }

    /** Puts the defaults where nothing was written. */
    void complete(boolean isStrict, boolean isDevelopment) throws SettingException {
        for (Key<?> key : shape.keys()) {
            if (!has(key)) {
                complete(key, isStrict, isDevelopment);
            }
        }
    }

    private <T> void complete(Key<T> key, boolean isStrict, boolean isDevelopment) throws SettingException {
        Place where = place.below(place.line(), key.pathInRow());
        if (key.standard().isRequired()) {
            throw where.refused("must be given: " + key.kind().allowed());
        }
        Optional<String> text = key.standard().in(isStrict, isDevelopment);
        if (text.isPresent()) {
            Written written = key.kind().written(text.get());
            given.put(key, new Given<>(key.kind().read(written, where), written, where, true));
        }
    }

    /** The value of a setting that has a default or must be given. */
    <T> T get(Key<T> key) {
        return find(key).orElseThrow();
    }

    /** The value of a setting, if there is one. */
    <T> Optional<T> find(Key<T> key) {
        return given(key).map(Given::value);
    }

    /** The value with where it was written, if there is one. */
    @SuppressWarnings("unchecked") // put adds only what the kind of the key reads
    <T> Optional<Given<T>> given(Key<T> key) {
        return Optional.ofNullable((Given<T>) given.get(key));
    }

    /** Where a setting stands, or would. */
    Place place(Key<?> key) {
        Given<?> value = given.get(key);
        return value == null ? place : value.place();
    }

    /** The rows of the list of that name. */
    List<Values> rows(String list) {
        return rows.getOrDefault(list, List.of());
    }
}
