// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import org.jspecify.annotations.Nullable;

/** How tokens are signed (RFC 7518 section 3.1, RFC 8037). Anything else is refused, {@code none} first of all. */
enum SignatureAlgorithm {
    /** HMAC with a secret key of an app. */
    HS256,
    /** RSA with a key of an issuer. */
    RS256,
    /** ECDSA with a P-256 key of an issuer. */
    ES256,
    /** EdDSA with an Ed25519 key of an issuer. */
    EDDSA;

    /** The algorithm of that exact name, or null. */
    static @Nullable SignatureAlgorithm of(@Nullable String name) {
        return switch (name) {
            case null -> null;
            case "HS256" -> HS256;
            case "RS256" -> RS256;
            case "ES256" -> ES256;
            case "EdDSA" -> EDDSA;
            default -> null;
        };
    }
}
