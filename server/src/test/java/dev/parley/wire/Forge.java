// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.SecretKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens with their parts in its hand: any header, any claims, any signature. */
public final class Forge {

    private Forge() {}

    /** Makes the signature of these bytes. */
    @FunctionalInterface
    public interface Signer {
        byte[] sign(byte[] signed);
    }

    public static String token(JsonText header, JsonText claims, Signer signer) {
        return token(header.toString(), claims.toString(), signer);
    }

    public static String token(String header, String claims, Signer signer) {
        return token(header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8), signer);
    }

    public static String token(byte[] header, byte[] claims, Signer signer) {
        String signed = base64(header) + "." + base64(claims);
        return signed + "." + base64(signer.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A good token with these claims. */
    public static String token(SecretKey key, JsonText claims) {
        return token(header(key), claims, hmac(key));
    }

    /** The header of a good token. */
    public static JsonText header(SecretKey key) {
        return header("HS256", key.id());
    }

    public static JsonText header(String algorithm, String keyId) {
        return JsonText.empty()
                .with("alg", quote(algorithm))
                .with("typ", "\"JWT\"")
                .with("kid", quote(keyId));
    }

    /** The claims of a good token, with an hour to go. */
    public static JsonText claims(String peerId) {
        return JsonText.empty().with("sub", quote(peerId)).with("exp", now() + 3600);
    }

    public static Signer hmac(SecretKey key) {
        return hmac("HmacSHA256", key.secret().bytes());
    }

    /** Signs with a secret, an empty one being a zero byte: HMAC fills it up with those. */
    public static Signer hmac(String name, byte[] secret) {
        return signed -> {
            try {
                Mac mac = Mac.getInstance(name);
                mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, name));
                return mac.doFinal(signed);
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        };
    }

    public static long now() {
        return Instant.now().getEpochSecond();
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A JSON string of plain characters. */
    public static String quote(String plain) {
        return "\"" + plain + "\"";
    }
}
