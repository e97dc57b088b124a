// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text nobody may see. Its text form hides it: it may end in a log.
 *
 * @param value the secret itself
 */
public record Secret(String value) {

    /** Returns the UTF-8 bytes of the secret, which are the signing key. */
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether this is the secret, found out in a time that depends on the length of the guess alone. */
    public boolean matches(String guess) {
        return MessageDigest.isEqual(guess.getBytes(StandardCharsets.UTF_8), bytes());
    }

    @Override
    public String toString() {
        return "***";
    }
}
