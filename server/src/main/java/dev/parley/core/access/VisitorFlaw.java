// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.Locale;

/** What is wrong with a visitor at first sight, before anything is looked up. */
public enum VisitorFlaw {
    /** The page is not one the key may be used on. */
    ORIGIN_NOT_ALLOWED,
    /** The credential is missing, or nothing that could be one. */
    INVALID_TOKEN;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Returns its name on the wire. */
    public String code() {
        return code;
    }
}
