// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * A signed token taken apart (RFC 7515 section 7.1), its signature not yet looked at. Of its header only the algorithm
 * and the id of the key are used: keys and addresses of keys that a token brings itself are ignored.
 *
 * @param algorithm how it says it is signed
 * @param keyId the key it says it is signed with
 * @param claims what it says
 * @param signed the bytes the signature is made over
 * @param signature its signature
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record JsonWebToken(SignatureAlgorithm algorithm, String keyId, JsonObject claims, byte[] signed, byte[] signature) {

    private static final int MAX_KEY_ID = 256;
    private static final int FIXED_BYTES = 512;

    /** More than a signature of any algorithm has: one of an RSA key of 16,384 bits has as many. */
    private static final int MAX_SIGNATURE_BYTES = 2048;

    /** Types a token may say it is of: the last one marks access tokens (RFC 9068 section 2.1). */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    /** About how many bytes it keeps in memory. */
    int size() {
        return FIXED_BYTES + 4 * (signed.length + signature.length); // as bytes, the claims as text, the token itself
    }

    /** Takes the text apart. */
    static JsonWebToken parse(String text) throws JsonFault {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            throw new JsonFault("not three parts");
        }
        JsonObject header = JsonObject.read(decode(text.substring(0, first)));
        if (header.has("crit") || header.has("b64")) {
            throw new JsonFault("the header demands what is not understood");
        }
        String type = header.string("typ");
        if (type != null && !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
            throw new JsonFault("not of type JWT");
        }
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(header.string("alg"));
        String keyId = header.string("kid");
        if (algorithm == null || keyId == null || keyId.isEmpty() || keyId.length() > MAX_KEY_ID) {
            throw new JsonFault("no known algorithm or no key id");
        }
        JsonObject claims = JsonObject.read(decode(text.substring(first + 1, second)));
        byte[] signed = text.substring(0, second).getBytes(StandardCharsets.US_ASCII);
        byte[] signature = decode(text.substring(second + 1));
        if (signature.length > MAX_SIGNATURE_BYTES) {
            throw new JsonFault("a signature of more than " + MAX_SIGNATURE_BYTES + " bytes");
        }
        return new JsonWebToken(algorithm, keyId, claims, signed, signature);
    }

    /**
     * Decodes base64url. Of the texts that decode to the same bytes only the canonical one is accepted, so that a token
     * has one form.
     */
    private static byte[] decode(String base64) throws JsonFault {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new JsonFault("not base64url");
    }
}
