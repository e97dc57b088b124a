// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts names at which a page ends, where the back end must not read them: a page can end at a channel that its key
 * does not cover. The cipher is AES-GCM (NIST SP 800-38D). Names that the back end may read are sent as they are. Safe
 * from any thread.
 */
final class PageCursors {

    /** Reserved for the server, so that no name of a client's channel is read as a cursor. */
    private static final String PREFIX = "_internal/after/";

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private static final String KEY_FUNCTION = "HmacSHA256";

    /** Separates this use of the secret from others. */
    private static final byte[] PURPOSE = "parley page cursor".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random = new SecureRandom();
    private final Optional<Secret> secret;
    private final byte[] own = random(KEY_BYTES);

    /** @param secret from which the key is made; without one, cursors are good for this process alone */
    PageCursors(Optional<Secret> secret) {
        this.secret = secret;
    }

    /** Derived anew each time, which takes microseconds: the start does not wait for classes of cryptography. */
    private SecretKeySpec key() {
        return new SecretKeySpec(secret.map(PageCursors::derive).orElse(own), 0, KEY_BYTES, "AES");
    }

    private static byte[] derive(Secret secret) {
        try {
            Mac function = Mac.getInstance(KEY_FUNCTION);
            function.init(new SecretKeySpec(secret.bytes(), KEY_FUNCTION));
            return function.doFinal(PURPOSE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Returns a cursor that shows nothing of the name but its length. */
    String seal(String name) {
        byte[] nonce = random(NONCE_BYTES);
        byte[] sealed = apply(Cipher.ENCRYPT_MODE, nonce, name.getBytes(StandardCharsets.UTF_8));
        byte[] cursor = ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
    }

    /**
     * Returns the name in a cursor, and any other text as it is.
     *
     * @throws ApiRefusedException if the cursor was made with another key, or changed
     */
    String open(String after) throws ApiRefusedException {
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
            throw ApiRefusedException.invalid("\"after\" is not a cursor of this server: read the first page again");
        }
    }

    private byte[] apply(int mode, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce));
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
