// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

/** A value is needed that could not be read. Why was recorded then, so what needs it is not checked. */
final class FaultyValueException extends RuntimeException {

    FaultyValueException(SettingKey<?> key) {
        super(key.path(), null, false, false);
    }
}
