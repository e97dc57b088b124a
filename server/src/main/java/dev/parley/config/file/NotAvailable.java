// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;

/** What a later version will understand. A user who sets it relies on it, so it is refused and not ignored. */
record NotAvailable() implements ValueKind<Void> {

    @Override
    public String name() {
        return "-";
    }

    @Override
    public String range() {
        return "not available in this version";
    }

    @Override
    public String allowed() {
        return "left out";
    }

    @Override
    public boolean isSecret() {
        return true;
    }

    @Override
    public Void read(WrittenValue written, SourceLocation place) throws SettingException {
        throw place.refused("is not available in this version: leave it out");
    }

    @Override
    public WrittenValue written(String text) {
        return new WrittenValue.Text(0, text, true);
    }
}
