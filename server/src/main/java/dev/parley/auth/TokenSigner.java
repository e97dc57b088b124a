// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.Action;
import dev.parley.config.SecretKey;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.port.Payload;
import dev.parley.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.stream.Stream;

/** Makes tokens. */
public final class TokenSigner {

    private static final int USUAL_BYTES = 256;

    private TokenSigner() {}

    /** A token of these terms, signed with this key. */
    public static String sign(TokenTerms terms, SecretKey key) {
        String signed = encode(header(key)) + "." + encode(claims(terms));
        byte[] signature = HmacSignature.sign(signed.getBytes(StandardCharsets.US_ASCII), key.secret());
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static Payload header(SecretKey key) {
        return new JsonBuilder(USUAL_BYTES)
                .raw("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":")
                .string(key.id())
                .end();
    }

    private static Payload claims(TokenTerms terms) {
        JsonBuilder text = new JsonBuilder(USUAL_BYTES)
                .raw("{\"sub\":")
                .string(terms.peerId())
                .raw(",\"iat\":")
                .number(terms.issuedAt())
                .raw(",\"exp\":")
                .number(terms.expiresAt());
        if (terms.channels() != null) {
            array(text.raw(",\"channels\":"), terms.channels());
        }
        if (terms.permissions() != null) {
            Stream<String> words = terms.permissions().stream().sorted().map(Action::word);
            array(text.raw(",\"permissions\":"), words.toList());
        }
        if (terms.metadata() != null) {
            text.raw(",\"metadata\":").json(terms.metadata());
        }
        if (terms.peerMetadata() != null) {
            text.raw(",\"peerMetadata\":").json(terms.peerMetadata());
        }
        return text.end();
    }

    private static void array(JsonBuilder text, Collection<String> strings) {
        String separator = "[";
        for (String string : strings) {
            text.raw(separator).string(string);
            separator = ",";
        }
        text.raw(strings.isEmpty() ? "[]" : "]");
    }

    private static String encode(Payload json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.copy());
    }
}
