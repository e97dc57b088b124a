// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys an issuer publishes (RFC 7517), each usable with the one algorithm of its kind, whatever a token says
 * (RFC 8725 section 3.1). Keys of other kinds, for other uses, too short, or without an id are left out.
 */
final class PublicKeys {

    private static final int MIN_RSA_BITS = 2048;

    /** What stands before the 32 bytes of an Ed25519 key when it is encoded (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_BYTES = 32;

    private final Map<String, Key> keys;

    private PublicKeys(Map<String, Key> keys) {
        this.keys = keys;
    }

    /** Tells whether a token is signed with one key. */
    @FunctionalInterface
    private interface Verifier {
        boolean isSigned(JsonWebToken token) throws JOSEException, GeneralSecurityException;
    }

    private record Key(SignatureAlgorithm algorithm, Verifier verifier) {}

    static PublicKeys none() {
        return new PublicKeys(Map.of());
    }

    /**
     * Reads a set of keys. Each is read by itself, so that a broken one takes no other with it (RFC 7517 section 5).
     */
    static PublicKeys parse(String json) throws ParseException {
        Map<String, Object>[] set = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
        if (set == null) {
            throw new ParseException("no \"keys\"", 0);
        }
        Map<String, Key> keys = new HashMap<>();
        for (Map<String, Object> member : set) {
            JWK jwk = read(member);
            Key key = jwk == null ? null : usable(jwk);
            if (jwk != null && key != null && isForTokens(jwk, key.algorithm())) {
                keys.putIfAbsent(jwk.getKeyID(), key);
            }
        }
        return new PublicKeys(keys);
    }

    private static @Nullable JWK read(Map<String, Object> member) {
        try {
            return JWK.parse(member);
        } catch (ParseException | RuntimeException e) {
            return null;
        }
    }

    Set<String> ids() {
        return keys.keySet();
    }

    boolean has(String keyId) {
        return keys.containsKey(keyId);
    }

    /** Whether the key the token names is there, is for its algorithm, and has signed it. */
    boolean isSigned(JsonWebToken token) {
        Key key = keys.get(token.keyId());
        try {
            return key != null
                    && key.algorithm() == token.algorithm()
                    && key.verifier().isSigned(token);
        } catch (JOSEException | GeneralSecurityException e) {
            return false; // a signature of the wrong length, for example
        }
    }

    private static boolean isForTokens(JWK jwk, SignatureAlgorithm algorithm) {
        boolean isForSignatures = (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
                && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
        boolean isForAlgorithm = jwk.getAlgorithm() == null
                || SignatureAlgorithm.of(jwk.getAlgorithm().getName()) == algorithm;
        return jwk.getKeyID() != null && isForSignatures && isForAlgorithm;
    }

    private static @Nullable Key usable(JWK jwk) {
        try {
            return switch (jwk) {
                case RSAKey rsa -> rsa.size() >= MIN_RSA_BITS ? rsa(rsa) : null;
                case ECKey ec -> ec.getCurve().equals(Curve.P_256) ? ec(ec) : null;
                case OctetKeyPair okp -> okp.getCurve().equals(Curve.Ed25519) ? ed25519(okp.getDecodedX()) : null;
                default -> null;
            };
        } catch (JOSEException | GeneralSecurityException e) {
            return null; // not a point of its curve, for example
        }
    }

    private static Key rsa(RSAKey jwk) throws JOSEException {
        RSASSAVerifier verifier = new RSASSAVerifier(jwk.toRSAPublicKey());
        JWSHeader header = new JWSHeader(JWSAlgorithm.RS256);
        return new Key(
                SignatureAlgorithm.RS256,
                token -> verifier.verify(header, token.signed(), Base64URL.encode(token.signature())));
    }

    private static Key ec(ECKey jwk) throws JOSEException {
        ECDSAVerifier verifier = new ECDSAVerifier(jwk.toECPublicKey());
        JWSHeader header = new JWSHeader(JWSAlgorithm.ES256);
        return new Key(
                SignatureAlgorithm.ES256,
                token -> verifier.verify(header, token.signed(), Base64URL.encode(token.signature())));
    }

    private static @Nullable Key ed25519(byte[] point) throws GeneralSecurityException {
        if (point.length != ED25519_BYTES) {
            return null;
        }
        byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        return new Key(SignatureAlgorithm.EDDSA, token -> {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(token.signed());
            return signature.verify(token.signature());
        });
    }
}
