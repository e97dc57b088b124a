// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.json.JsonFault;
import dev.parley.wire.FakeIssuer;
import dev.parley.wire.Forge;
import dev.parley.wire.IssuerKey;
import java.text.ParseException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which of the keys an issuer publishes are used. One that is not takes no other with it. */
class PublicKeysTest {

    private static final IssuerKey RSA = IssuerKey.rsa("bad", 2048);
    private static final IssuerKey EC = IssuerKey.ec("bad");
    private static final IssuerKey ED = IssuerKey.ed25519("bad");
    private static final IssuerKey GOOD = IssuerKey.ec("good");

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(
                        "RSA of 1024 bits", IssuerKey.rsa("bad", 1024).jwk().toString()),
                Arguments.of("for encryption", RSA.jwk().with("use", "\"enc\"").toString()),
                Arguments.of(
                        "for wrapping keys",
                        RSA.jwk().with("key_ops", "[\"wrapKey\"]").toString()),
                Arguments.of("for PS256", RSA.jwk().with("alg", "\"PS256\"").toString()),
                Arguments.of(
                        "for another algorithm",
                        RSA.jwk().with("alg", "\"ES256\"").toString()),
                Arguments.of("for HS256", EC.jwk().with("alg", "\"HS256\"").toString()),
                Arguments.of("symmetric", "{\"kty\":\"oct\",\"kid\":\"bad\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}"),
                Arguments.of(
                        "symmetric for HS256", "{\"kty\":\"oct\",\"kid\":\"bad\",\"alg\":\"HS256\",\"k\":\"AAAA\"}"),
                Arguments.of("without an id", EC.jwk().without("kid").toString()),
                Arguments.of("an id that is a number", EC.jwk().with("kid", 1).toString()),
                Arguments.of("on P-384", IssuerKey.p384("bad").jwk().toString()),
                Arguments.of(
                        "on secp256k1", EC.jwk().with("crv", "\"secp256k1\"").toString()),
                Arguments.of(
                        "on an unknown curve", EC.jwk().with("crv", "\"P-1\"").toString()),
                Arguments.of(
                        "not on its curve",
                        EC.jwk()
                                .with("x", EC.jwk().toString().replaceAll(".*\"y\":|}", ""))
                                .toString()),
                Arguments.of("without a y", EC.jwk().without("y").toString()),
                Arguments.of("without a modulus", RSA.jwk().without("n").toString()),
                Arguments.of(
                        "a modulus that is no base64",
                        RSA.jwk().with("n", "\"***\"").toString()),
                Arguments.of("an empty modulus", RSA.jwk().with("n", "\"\"").toString()),
                Arguments.of("X25519", ED.jwk().with("crv", "\"X25519\"").toString()),
                Arguments.of("Ed25519 too short", ED.jwk().with("x", "\"AAAA\"").toString()),
                Arguments.of("of an unknown type", "{\"kty\":\"XYZ\",\"kid\":\"bad\"}"),
                Arguments.of("of no type", "{\"kid\":\"bad\"}"),
                Arguments.of("empty", "{}"),
                Arguments.of("use a number", EC.jwk().with("use", 1).toString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void aKeyThatCannotBeUsedIsLeftOutAndTheOthersAreNot(String name, String jwk) throws ParseException {
        PublicKeys keys = PublicKeys.parse(FakeIssuer.set(jwk, GOOD.jwk().toString()));

        assertThat(keys.has("bad")).isFalse();
        assertThat(keys.has("good")).isTrue();
        assertThat(keys.ids()).hasSize(1);
    }

    @Test
    void usableKeysAreUsed() throws ParseException, JsonFault {
        IssuerKey rsa = IssuerKey.rsa("rsa", 2048);
        IssuerKey ed = IssuerKey.ed25519("ed");
        PublicKeys keys = PublicKeys.parse(FakeIssuer.set(
                rsa.jwk().with("use", "\"sig\"").with("alg", "\"RS256\"").toString(),
                ed.jwk().with("key_ops", "[\"verify\"]").toString(),
                GOOD.jwk().with("alg", "\"ES256\"").toString()));

        assertThat(keys.ids()).hasSize(3);
        for (IssuerKey key : new IssuerKey[] {rsa, ed, GOOD}) {
            assertThat(isSigned(keys, key.token(Forge.claims("alice"))))
                    .as(key.id())
                    .isTrue();
        }
    }

    @Test
    void ofTwoKeysOfOneIdTheFirstCounts() throws ParseException, JsonFault {
        IssuerKey second = IssuerKey.ec("good");
        PublicKeys keys = PublicKeys.parse(
                FakeIssuer.set(GOOD.jwk().toString(), second.jwk().toString()));

        assertThat(isSigned(keys, GOOD.token(Forge.claims("alice")))).isTrue();
        assertThat(isSigned(keys, second.token(Forge.claims("alice")))).isFalse();
    }

    private static boolean isSigned(PublicKeys keys, String token) throws JsonFault {
        return keys.isSigned(JsonWebToken.parse(token));
    }
}
