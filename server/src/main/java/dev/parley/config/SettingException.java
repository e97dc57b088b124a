// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/** A setting that cannot be used. The message is one line that says what is allowed. */
public final class SettingException extends Exception {

    /** With the line the user is shown. */
    public SettingException(String message) {
        super(message);
    }
}
