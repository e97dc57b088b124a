// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A token as a back end signs it.
 *
 * @param keyId of the secret key
 * @param secret of the secret key
 * @param claims the fields of its payload
 */
record Token(String keyId, String secret, List<String> claims) {

    private static final long LIFE = 600;

    /** For an hour, of the key that may do all. */
    static Token of(String peerId, String... claims) {
        return by("sk_id_all", "sk_secret_conformance_all_0123456789abcdef", peerId, claims);
    }

    /** Of another key. */
    static Token by(String keyId, String secret, String peerId, String... claims) {
        List<String> all = new ArrayList<>(List.of(claims));
        all.add(Json.field("sub", peerId));
        if (all.stream().noneMatch(claim -> claim.startsWith("\"exp\""))) {
            all.add("\"exp\":" + (now() + LIFE));
        }
        return new Token(keyId, secret, all);
    }

    static long now() {
        return Instant.now().getEpochSecond();
    }

    /** The text clients bring. */
    String sign() {
        String head = "{\"alg\":\"HS256\",\"typ\":\"JWT\"," + Json.field("kid", keyId) + "}";
        String signed = encode(head) + "." + encode("{" + String.join(",", claims) + "}");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
