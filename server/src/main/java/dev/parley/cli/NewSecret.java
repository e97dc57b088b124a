// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets nobody can guess. */
final class NewSecret {

    private static final int BYTES = 32;

    private NewSecret() {}

    /** A new one: 256 random bits, with the prefix that shows what it is. */
    static Secret make() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new Secret("sk_secret_" + HexFormat.of().formatHex(random));
    }
}
