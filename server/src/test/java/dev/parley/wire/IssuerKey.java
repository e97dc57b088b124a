// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;

/**
 * A key of an identity provider.
 *
 * @param algorithm as tokens name it
 * @param signature as Java names it
 * @param jwk its public half as issuers publish it
 */
public record IssuerKey(String id, String algorithm, String signature, KeyPair pair, JsonText jwk) {

    public static IssuerKey rsa(String id, int bits) {
        KeyPair pair = generate("RSA", bits, null);
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        JsonText jwk = jwk("RSA", id)
                .with("n", number(key.getModulus(), (bits + 7) / 8))
                .with("e", number(key.getPublicExponent(), 3));
        return new IssuerKey(id, "RS256", "SHA256withRSA", pair, jwk);
    }

    public static IssuerKey ec(String id) {
        return ec(id, "secp256r1", "P-256", 32);
    }

    /** On a curve no token may use. */
    public static IssuerKey p384(String id) {
        return ec(id, "secp384r1", "P-384", 48);
    }

    private static IssuerKey ec(String id, String curve, String name, int bytes) {
        KeyPair pair = generate("EC", 0, curve);
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        JsonText jwk = jwk("EC", id)
                .with("crv", Forge.quote(name))
                .with("x", number(key.getW().getAffineX(), bytes))
                .with("y", number(key.getW().getAffineY(), bytes));
        return new IssuerKey(id, "ES256", "SHA256withECDSAinP1363Format", pair, jwk);
    }

    public static IssuerKey ed25519(String id) {
        KeyPair pair = generate("Ed25519", 0, null);
        byte[] encoded = pair.getPublic().getEncoded(); // ends with the point
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        JsonText jwk = jwk("OKP", id).with("crv", "\"Ed25519\"").with("x", Forge.quote(Forge.base64(point)));
        return new IssuerKey(id, "EdDSA", "Ed25519", pair, jwk);
    }

    /** A good token with these claims. */
    public String token(JsonText claims) {
        return Forge.token(Forge.header(algorithm, id), claims, signer());
    }

    public Forge.Signer signer() {
        return signer(signature);
    }

    /** Signs with the private half, in the way Java calls so. */
    public Forge.Signer signer(String name) {
        return signed -> {
            try {
                Signature made = Signature.getInstance(name);
                made.initSign(pair.getPrivate());
                made.update(signed);
                return made.sign();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        };
    }

    private static JsonText jwk(String type, String id) {
        return JsonText.empty().with("kty", Forge.quote(type)).with("kid", Forge.quote(id));
    }

    private static KeyPair generate(String type, int bits, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
            if (curve != null) {
                generator.initialize(new ECGenParameterSpec(curve));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The number as base64url of so many bytes. */
    private static String number(BigInteger number, int bytes) {
        return Forge.quote(Forge.base64(bytes(number, bytes)));
    }

    /** The number in so many bytes, the highest first. */
    static byte[] bytes(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        byte[] signed = number.toByteArray();
        int count = Math.min(length, signed.length);
        System.arraycopy(signed, signed.length - count, bytes, length - count, count);
        return bytes;
    }
}
