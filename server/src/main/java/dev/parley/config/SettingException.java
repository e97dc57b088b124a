// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;

/** Settings that cannot be used. The message has a line for each fault, which says what is allowed. */
public final class SettingException extends Exception {

    private final List<String> lines;

    /** An exception for one fault. */
    public SettingException(String line) {
        this(List.of(line));
    }

    /** All faults, in the order in which the user is shown them. */
    public SettingException(List<String> lines) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    /** Returns one line for each fault. */
    public List<String> lines() {
        return lines;
    }
}
