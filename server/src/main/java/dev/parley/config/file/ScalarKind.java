// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;

/**
 * A single value.
 *
 * @param isPlain whether it stands without quotes
 * @param parser what makes something of the text
 */
record ScalarKind<T>(String name, String range, String allowed, boolean isPlain, boolean isSecret, Parser<T> parser)
        implements ValueKind<T> {

    private static final int MAX_LENGTH = 4096;

    /** Makes something of a text. The exception says only what is wrong, not where the text was written. */
    interface Parser<T> {

        /** Reads the text; files are named relative to the folder. */
        T parse(String text, BaseFolder folder) throws SettingException;
    }

    @Override
    public T read(WrittenValue written, SourceLocation place) throws SettingException {
        if (!(written instanceof WrittenValue.Text text)) {
            throw place.refused("must be " + allowed);
        }
        if (text.isNothing()) {
            throw place.refused("has no value: must be " + allowed);
        }
        if (isPlain && !text.isPlain()) {
            throw place.refused("must be " + allowed + ", without quotes");
        }
        if (text.text().length() > MAX_LENGTH) {
            throw place.refused("is too long: must be " + allowed);
        }
        try {
            return parser.parse(text.text(), place.folder());
        } catch (SettingException e) {
            throw place.refused(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public WrittenValue written(String text) {
        return new WrittenValue.Text(0, text, true);
    }
}
