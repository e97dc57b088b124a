// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Credential;
import dev.parley.core.access.GrantAuthority;
import dev.parley.wire.Forge;
import dev.parley.wire.JsonText;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The borders in time, what a change of keys does, and that a wrong guess takes as long as any other. */
class KeyAuthenticatorTest {

    private final Bench bench = new Bench();

    @ParameterizedTest
    @CsvSource({
        "exp, 1, Granted", "exp, 0, Expired", "exp, -1, Expired",
        "nbf, 60, Granted", "nbf, 61, Invalid", "nbf, 0, Granted",
        "iat, 60, Granted", "iat, 61, Invalid", "iat, -1000000000, Granted"
    })
    void aTimeCountsToTheSecond(String claim, long ahead, String result) {
        String token = Forge.token(Bench.KEY, Bench.claims().with(claim, ManualTime.START + ahead));

        assertThat(bench.result(token).getClass().getSimpleName()).isEqualTo(result);
    }

    @Test
    void theLaterOfNbfAndIatCounts() {
        JsonText claims = Bench.claims().with("iat", ManualTime.START).with("nbf", ManualTime.START + 61);

        assertThat(bench.result(Forge.token(Bench.KEY, claims))).isInstanceOf(AuthenticationResult.Invalid.class);
    }

    @Test
    void aTokenOfOursIsBelieved() {
        String token = Forge.token(Bench.KEY, Bench.claims());
        assertThat(bench.result(token)).isInstanceOf(AuthenticationResult.Granted.class);

        bench.time.pass(Duration.ofHours(1));

        assertThat(bench.result(token)).isEqualTo(new AuthenticationResult.Expired());
    }

    @Test
    void aSecretThatIsReplacedSignsNothingAnyMore() {
        String old = Forge.token(Bench.KEY, Bench.claims());
        GrantAuthority authority = authority(old);
        SecretKey renewed = new SecretKey(Bench.KEY.id(), new Secret("sk_secret_" + "1".repeat(64)), KeyRights.all());

        bench.reload(Bench.app(List.of(renewed), List.of()));

        assertThat(authority.standing()).isEqualTo(GrantAuthority.Standing.WITHDRAWN);
        assertThat(bench.result(old)).isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.result(Forge.token(renewed, Bench.claims()))).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @Test
    void aKeyThatComesBackIsAnotherOne() {
        GrantAuthority first = authority(Forge.token(Bench.KEY, Bench.claims()));

        bench.reload(Bench.app(List.of(), List.of()));
        bench.reload(Bench.app(List.of(Bench.KEY), List.of()));

        assertThat(first.standing()).isEqualTo(GrantAuthority.Standing.WITHDRAWN);
        assertThat(authority(Forge.token(Bench.KEY, Bench.claims())).standing())
                .isEqualTo(GrantAuthority.Standing.HONOURED);
    }

    @Test
    void aKeyThatStaysKeepsItsAuthority() {
        GrantAuthority authority = authority(Forge.token(Bench.KEY, Bench.claims()));

        bench.reload(Bench.app(List.of(Bench.KEY), List.of()));

        assertThat(authority(Forge.token(Bench.KEY, Bench.claims()))).isSameAs(authority);
        assertThat(authority.standing()).isEqualTo(GrantAuthority.Standing.HONOURED);
    }

    @Test
    void aKeyThatMovesToAnotherAppIsAnotherOne() {
        GrantAuthority authority = authority(Forge.token(Bench.KEY, Bench.claims()));

        bench.reload(AppSettings.of("other", List.of(), List.of(Bench.KEY)));

        assertThat(authority.standing()).isEqualTo(GrantAuthority.Standing.WITHDRAWN);
    }

    @Test
    void unknownFalseAndRevokedCredentialsAreAllInvalid() {
        String good = Forge.token(Bench.KEY, Bench.claims());
        SecretKey unknown = new SecretKey("sk_id_unknown", Bench.KEY.secret(), KeyRights.all());

        assertThat(bench.result(Forge.token(unknown, Bench.claims()))).isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.result(good.substring(0, good.length() - 4) + "AAAA"))
                .isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.asked(new Credential.Key("pk_live_unknown")).getNow(null))
                .isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.asked(new Credential.None()).getNow(null)).isInstanceOf(AuthenticationResult.Invalid.class);
        bench.reload(Bench.app(List.of(), List.of()));
        assertThat(bench.result(good)).isInstanceOf(AuthenticationResult.Invalid.class);
    }

    @Test
    void anUnknownKeyIdTakesAsLongAsAWrongSignature() {
        SecretKey wrong = new SecretKey(Bench.KEY.id(), new Secret("sk_secret_" + "9".repeat(64)), KeyRights.all());
        SecretKey unknown = new SecretKey("sk_id_two", wrong.secret(), KeyRights.all());
        String[] tokens = {Forge.token(wrong, Bench.claims()), Forge.token(unknown, Bench.claims())};
        long[][] nanos = new long[2][2000];
        for (int i = -2000; i < 2000; i++) { // the first ones warm up
            for (int kind = 0; kind < 2; kind++) {
                long begin = System.nanoTime();
                bench.result(tokens[kind]);
                nanos[kind][Math.max(i, 0)] = System.nanoTime() - begin;
            }
        }
        double ratio = (double) median(nanos[0]) / median(nanos[1]);

        assertThat(ratio)
                .as("median time of a wrong signature to that of an unknown key")
                .isBetween(0.5, 2.0);
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private GrantAuthority authority(String token) {
        assertThat(bench.result(token)).isInstanceOf(AuthenticationResult.Granted.class);
        return ((AuthenticationResult.Granted) bench.result(token)).grant().authority();
    }
}
