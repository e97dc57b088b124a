// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

/** A JSON object is not what it must be. The message says what it must be and repeats nothing of the text. */
public final class JsonFault extends Exception {

    /** A fault with a sentence for the author of the text. */
    public JsonFault(String message) {
        super(message, null, false, false);
    }
}
