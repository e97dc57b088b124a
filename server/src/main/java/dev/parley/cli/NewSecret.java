// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random texts that cannot be guessed. */
final class NewSecret {

    private static final int BYTES = 32;
    private static final int ID_LENGTH = 24;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private NewSecret() {}

    /** A new secret: 256 random bits, with the prefix that shows what it is. */
    static Secret make() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new Secret("sk_secret_" + HexFormat.of().formatHex(random));
    }

    /** A new id with that prefix: 24 random letters and digits. */
    static String id(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
