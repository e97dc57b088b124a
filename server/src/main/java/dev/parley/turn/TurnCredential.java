// SPDX-License-Identifier: Apache-2.0
package dev.parley.turn;

import dev.parley.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A user name and a password that a TURN server can check by a shared secret alone, and that end by themselves
 * (draft-uberti-behave-turn-rest, which coturn speaks). The name holds nothing of the client's: what it chose could
 * shift the time in front of it.
 */
record TurnCredential(String username, String password) {

    private static final String HMAC = "HmacSHA1"; // the one TURN servers use
    private static final int ID_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @param expiresAt in seconds since 1970 */
    static TurnCredential of(Secret secret, long expiresAt) {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        String username = expiresAt + ":" + HexFormat.of().formatHex(id);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.bytes(), HMAC));
            byte[] password = mac.doFinal(username.getBytes(StandardCharsets.US_ASCII));
            return new TurnCredential(username, Base64.getEncoder().encodeToString(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Hides the password: it may end in a log. */
    @Override
    public String toString() {
        return username;
    }
}
