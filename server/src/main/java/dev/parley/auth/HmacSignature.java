// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HS256 (RFC 7518 section 3.2). */
final class HmacSignature {

    private static final String NAME = "HmacSHA256";

    private HmacSignature() {}

    static byte[] sign(byte[] bytes, Secret secret) {
        try {
            Mac mac = Mac.getInstance(NAME);
            mac.init(new SecretKeySpec(secret.bytes(), NAME));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Whether the token is signed with the secret, found out in a time that does not depend on how nearly. */
    static boolean isSigned(JsonWebToken token, Secret secret) {
        return MessageDigest.isEqual(sign(token.signed(), secret), token.signature());
    }
}
