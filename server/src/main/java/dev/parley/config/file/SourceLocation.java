// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;

/**
 * Where a value was written, for the user to find it.
 *
 * @param folder what relative names of files start from
 * @param file the file's name as the user gave it; empty if it was written in none
 * @param line the line of the file, from 1
 * @param key the key with all sections it is in, or the name of a variable of the environment
 */
record SourceLocation(BaseFolder folder, String file, int line, String key) {

    /** Returns the location of an environment variable or a flag. */
    static SourceLocation outside(BaseFolder folder, String name) {
        return new SourceLocation(folder, "", 0, name);
    }

    /** What is written below this one, in the same file. */
    SourceLocation below(int otherLine, String name) {
        return new SourceLocation(folder, file, otherLine, key.isEmpty() ? name : key + "." + name);
    }

    /** An item of the list at this place. */
    SourceLocation item(int otherLine, int index) {
        return new SourceLocation(folder, file, otherLine, key + "[" + index + "]");
    }

    /** Returns the exception that names this location and the problem. */
    SettingException refused(String problem) {
        String start = file.isEmpty() ? "" : file + ":" + line + ": ";
        return new SettingException(QuotedInput.line(start + (key.isEmpty() ? "" : key + ": ") + problem));
    }
}
