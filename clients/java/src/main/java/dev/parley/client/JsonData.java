// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/**
 * JSON that may be sent as {@code data}, and how long it is. The server cannot say of which request it was that it
 * could not be read, so that is found out before.
 */
record JsonData(String json, int bytes) {

    /** @throws IllegalArgumentException if the text is not one JSON value, at most 64 deep */
    static JsonData of(String json) {
        int bytes = Utf8Text.bytes(json);
        if (bytes < 0 || !JsonText.isData(json)) {
            throw new IllegalArgumentException("data is not one JSON value, at most 64 deep");
        }
        return new JsonData(json, bytes);
    }
}
