// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;

/**
 * What may stand at a key.
 *
 * @param <T> what it means to the program
 */
interface ValueKind<T> {

    /** Returns the name of the kind in the documentation. */
    String name();

    /** What of it is allowed, in the documentation. */
    String range();

    /** Both as part of a sentence, behind "must be". */
    String allowed();

    /** Whether it is hidden when settings are printed. */
    boolean isSecret();

    /** What was written, as the program uses it. */
    T read(WrittenValue written, SourceLocation place) throws SettingException;

    /** A text of the environment, or a default, as if it had been written in a file. */
    WrittenValue written(String text);
}
