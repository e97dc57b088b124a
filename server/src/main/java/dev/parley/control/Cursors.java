// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names behind which a page begins, where a back end may not read them: a page can end at a channel that the key does not
 * cover. Such a name is encrypted with AES-GCM (NIST SP 800-38D) and a key of this process. All other names stand as they are.
 * Safe from any thread.
 */
final class Cursors {

    /** No channel of a client begins like this, so no cursor is taken for a channel. */
    private static final String PREFIX = "_internal/after/";

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key = new SecretKeySpec(random(KEY_BYTES), "AES");

    /** Returns a cursor that tells nothing of the name but its length. */
    String seal(String name) {
        byte[] nonce = random(NONCE_BYTES);
        byte[] sealed = apply(Cipher.ENCRYPT_MODE, nonce, name.getBytes(StandardCharsets.UTF_8));
        byte[] cursor = ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
    }

    /** Returns the name of a cursor, and any other text as it is. */
    String open(String after) throws Refused {
        if (!after.startsWith(PREFIX)) {
            return after;
        }
        try {
            ByteBuffer cursor = ByteBuffer.wrap(Base64.getUrlDecoder().decode(after.substring(PREFIX.length())));
            byte[] nonce = new byte[NONCE_BYTES];
            cursor.get(nonce);
            byte[] sealed = new byte[cursor.remaining()];
            cursor.get(sealed);
            return new String(apply(Cipher.DECRYPT_MODE, nonce, sealed), StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            throw Refused.invalid("\"after\" is no cursor of this server since it started: begin with the first page");
        }
    }

    private byte[] apply(int mode, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it; or it was not sealed here
        }
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
