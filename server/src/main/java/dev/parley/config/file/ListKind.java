// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A list of single values.
 *
 * @param element each of them
 * @param least how many there are at least
 * @param most how many there are at most
 * @param example one of them
 */
record ListKind<T>(ScalarKind<T> element, int least, int most, String example) implements ValueKind<List<T>> {

    /** Returns a list of origins of pages, as browsers write them. */
    static ListKind<String> ofOrigins() {
        return new ListKind<>(ValueKinds.ORIGIN_OF_PAGES, 0, 100, "https://app.example.com");
    }

    @Override
    public String name() {
        return "list of " + element.name() + "s";
    }

    @Override
    public String range() {
        return count() + ": " + element.range();
    }

    @Override
    public String allowed() {
        return "a list of " + count() + ", for example [\"" + example + "\"]";
    }

    @Override
    public boolean isSecret() {
        return element.isSecret();
    }

    @Override
    public List<T> read(WrittenValue written, SourceLocation place) throws SettingException {
        if (!(written instanceof WrittenValue.Items items)) {
            throw place.refused("must be " + allowed());
        }
        int size = items.items().size();
        if (size < least || size > most) {
            throw place.refused("has " + size + " items: must be " + allowed());
        }
        SettingFaults faults = new SettingFaults();
        List<T> read = new ArrayList<>();
        int index = 0;
        for (WrittenValue item : items.items()) {
            int line = item.line() == 0 ? place.line() : item.line();
            SourceLocation where = place.item(line, index++);
            faults.check(() -> read.add(element.read(item, where)));
        }
        faults.throwIfAny();
        return List.copyOf(read);
    }

    /** Splits the text at commas. */
    @Override
    public WrittenValue written(String text) {
        return new WrittenValue.Items(
                0,
                text.isBlank()
                        ? List.of()
                        : Arrays.stream(text.split(",", -1))
                                .map(item -> element.written(item.strip()))
                                .toList());
    }

    private String count() {
        return (least == 0 ? "at most " + most : least + " to " + most) + " " + element.name() + "s";
    }
}
