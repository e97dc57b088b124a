// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.KeyRights;
import dev.parley.config.TokenIssuer;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.port.ServerObserver;
import dev.parley.json.JsonFault;
import dev.parley.wire.FakeIssuer;
import dev.parley.wire.Forge;
import dev.parley.wire.IssuerKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the keys of an issuer are fetched, and how long they count. */
class IssuerKeysTest {

    private static final IssuerKey FIRST = IssuerKey.ec("first");
    private static final IssuerKey SECOND = IssuerKey.ec("second");
    private static final AuthenticationResult UNKNOWN = new AuthenticationResult.Unknown();

    private final Bench bench = new Bench();

    @Test
    void twoHundredFirstTokensAreOneFetch() {
        CompletableFuture<String> answer = bench.answer;
        List<CompletableFuture<AuthenticationResult>> verdicts = IntStream.range(0, 200)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> bench.asked(by(FIRST)), Thread::startVirtualThread))
                .map(asking -> asking.thenCompose(asked -> asked))
                .toList();
        assertThat(verdicts).noneMatch(CompletableFuture::isDone);

        answer.complete(set(FIRST));

        assertThat(verdicts)
                .allSatisfy(result -> assertThat(result.join()).isInstanceOf(AuthenticationResult.Granted.class));
        assertThat(bench.fetches).hasValue(1);
    }

    @Test
    void madeUpKeyIdsCauseAFetchInTenSecondsAtMost() {
        bench.answers(set(FIRST));
        for (int tenth = 0; tenth < 600; tenth++) {
            assertThat(bench.result(by(IssuerKey.ec("made-up-" + tenth))))
                    .isNotInstanceOf(AuthenticationResult.Granted.class);
            bench.time.pass(Duration.ofMillis(100));
        }

        assertThat(bench.fetches.get()).isBetween(5, 6);
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @Test
    void anIdThatWasAskedForAndIsNotAmongTheKeysIsNobodysUntilTheyAreFetchedAgain() {
        bench.answers(set(FIRST));
        assertThat(bench.result(by(SECOND))).isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.result(by(SECOND))).isInstanceOf(AuthenticationResult.Invalid.class);
        bench.time.pass(IssuerKeys.PAUSE.minusNanos(1));
        assertThat(bench.result(by(SECOND))).isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.fetches).hasValue(1);

        bench.fails();
        bench.time.pass(Duration.ofNanos(1));
        assertThat(bench.result(by(SECOND))).as("now it may be published").isEqualTo(UNKNOWN);
    }

    @Test
    void tokensThatWaitForAFetchTakeSoMuchMemoryAndNoMore() throws JsonFault {
        List<CompletableFuture<AuthenticationResult>> verdicts = new ArrayList<>();
        String token =
                IssuerKey.ec("x".repeat(200)).token(Bench.issued().with("padding", Forge.quote("x".repeat(40_000))));
        int fit = IssuerKeys.MAX_WAITING_BYTES / JsonWebToken.parse(token).size();
        for (int i = 0; i < fit + 10; i++) {
            verdicts.add(bench.asked(token));
        }

        assertThat(verdicts.subList(0, fit)).noneMatch(CompletableFuture::isDone);
        assertThat(verdicts.subList(fit, fit + 10))
                .allSatisfy(late -> assertThat(late.join()).isEqualTo(UNKNOWN));
        bench.answer.complete(set(FIRST));
        assertThat(verdicts.subList(0, fit))
                .allSatisfy(result -> assertThat(result.join()).isInstanceOf(AuthenticationResult.Invalid.class));
    }

    @Test
    void aNewKeyIsTriedAgainLaterUntilThePauseIsOverAndFoundThen() {
        bench.answers(set(FIRST));
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
        bench.answers(set(SECOND));
        bench.time.pass(IssuerKeys.PAUSE.minusNanos(1));
        assertThat(bench.result(by(SECOND))).isEqualTo(UNKNOWN);

        bench.time.pass(Duration.ofNanos(1));

        assertThat(bench.result(by(SECOND))).isInstanceOf(AuthenticationResult.Granted.class);
        assertThat(bench.result(by(FIRST)))
                .as("a key that is published no longer")
                .isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.fetches).hasValue(2);
    }

    @Test
    void whoeverHasAKnownKeyNeverWaits() {
        bench.answers(set(FIRST));
        bench.result(by(FIRST));
        bench.answer = new CompletableFuture<>(); // the next fetch takes long
        bench.time.pass(IssuerKeys.OLD);

        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
        assertThat(bench.fetches).as("fetched anew meanwhile").hasValue(2);
        CompletableFuture<AuthenticationResult> stranger = bench.asked(by(SECOND));
        assertThat(stranger).isNotDone();
        bench.answer.complete(set(FIRST, SECOND));
        assertThat(stranger.join()).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @Test
    void keysGoOnWorkingWhenTheIssuerDiesUntilTheyAreStale() {
        bench.answers(set(FIRST));
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
        bench.fails();

        bench.time.pass(IssuerKeys.STALE.minusNanos(1));
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
        assertThat(bench.result(by(SECOND)))
                .as("a key that cannot be looked up")
                .isEqualTo(UNKNOWN);

        bench.time.pass(Duration.ofNanos(1));
        assertThat(bench.result(by(FIRST))).isEqualTo(UNKNOWN);
        bench.time.pass(IssuerKeys.PAUSE);
        bench.answers(set(FIRST));
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>busy</html>",
                "[]",
                "null",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":null}",
                "\u0000",
                "{\"keys\":"
            })
    void whatIsNoSetOfKeysIsAsGoodAsNoAnswer(String answer) {
        bench.answers(answer);
        assertThat(bench.result(by(FIRST))).isEqualTo(UNKNOWN);

        bench.answers(set(FIRST));
        assertThat(bench.result(by(FIRST))).as("within the pause").isEqualTo(UNKNOWN);
        bench.time.pass(IssuerKeys.PAUSE);
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @Test
    void whatIsNestedTooDeeplyIsNoSetOfKeys() {
        bench.answers("{\"keys\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertThat(bench.result(by(FIRST))).isEqualTo(UNKNOWN);

        bench.answers(set(FIRST));
        bench.time.pass(IssuerKeys.PAUSE);
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @Test
    void aFetchThatCannotEvenBeginIsAsGoodAsNoAnswer() {
        KeyAuthenticator keys = new KeyAuthenticator(
                bench.time,
                url -> {
                    throw new IllegalArgumentException("what a URL");
                },
                ServerObserver.NONE,
                bench.time::nanos);
        keys.reload(List.of(Bench.app(List.of(), List.of(Bench.ISSUER))));
        for (int i = 0; i < 2; i++) {
            List<AuthenticationResult> verdicts = new ArrayList<>();
            keys.authenticate(Bench.connecting(by(FIRST)), verdicts::add);
            assertThat(verdicts).containsExactly(UNKNOWN);
            bench.time.pass(IssuerKeys.PAUSE);
        }
    }

    @Test
    void keysOfAnUnchangedIssuerOutliveAReload() {
        bench.answers(set(FIRST));
        bench.result(by(FIRST));
        bench.fails();

        bench.reload(Bench.app(List.of(), List.of(Bench.ISSUER)));

        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
        assertThat(bench.fetches).hasValue(1);
    }

    @Test
    void keysFromAnotherAddressAreFetchedAnew() {
        bench.answers(set(FIRST));
        AuthenticationResult before = bench.result(by(FIRST));
        TokenIssuer moved = new TokenIssuer(
                Bench.ISSUER.issuer(), Bench.ISSUER.url().resolve("/elsewhere"), "parley", KeyRights.all());
        bench.answers(set(SECOND));

        bench.reload(Bench.app(List.of(), List.of(moved)));

        assertThat(before)
                .isInstanceOfSatisfying(
                        AuthenticationResult.Granted.class,
                        granted -> assertThat(granted.grant().authority().standing())
                                .as("what rests on the keys of the old address")
                                .isEqualTo(GrantAuthority.Standing.WITHDRAWN));
        assertThat(bench.result(by(FIRST))).isInstanceOf(AuthenticationResult.Invalid.class);
        assertThat(bench.result(by(SECOND))).isInstanceOf(AuthenticationResult.Granted.class);
    }

    @Test
    void anIssuerOfSeveralAudiencesIsAskedOnce() {
        TokenIssuer other = new TokenIssuer(Bench.ISSUER.issuer(), Bench.ISSUER.url(), "other", KeyRights.all());
        Bench fresh = new Bench();
        fresh.reload(); // without the issuer it begins with
        fresh.reload(Bench.app(List.of(), List.of(Bench.ISSUER, other)));
        fresh.answers(set(FIRST));

        assertThat(fresh.result(by(FIRST))).isInstanceOf(AuthenticationResult.Granted.class);
        assertThat(fresh.result(FIRST.token(Bench.issued().with("aud", "\"other\""))))
                .isInstanceOf(AuthenticationResult.Granted.class);
        assertThat(fresh.fetches).hasValue(1);
    }

    @Test
    void anIssuerThatIsTakenOutWhileItsKeysAreFetchedIsBelievedNoMore() {
        CompletableFuture<String> answer = bench.answer;
        CompletableFuture<AuthenticationResult> result = bench.asked(by(FIRST));

        bench.reload(Bench.app(List.of(), List.of()));
        answer.complete(set(FIRST));

        assertThat(result.join()).isInstanceOf(AuthenticationResult.Invalid.class);
    }

    @Test
    void oneAnswerThatFailsKeepsNoOtherWaiting() {
        CompletableFuture<String> answer = bench.answer;
        bench.keys.authenticate(Bench.connecting(by(FIRST)), result -> {
            throw new IllegalStateException("the loop has ended");
        });
        CompletableFuture<AuthenticationResult> second = bench.asked(by(FIRST));

        answer.complete(set(FIRST));

        assertThat(second.getNow(null)).isInstanceOf(AuthenticationResult.Granted.class);
    }

    private static String by(IssuerKey key) {
        return key.token(Bench.issued());
    }

    private static String set(IssuerKey... keys) {
        return FakeIssuer.set(Stream.of(keys).map(key -> key.jwk().toString()).toArray(String[]::new));
    }
}
