// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.TokenIssuer;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.port.ServerObserver;
import dev.parley.wire.Forge;
import dev.parley.wire.JsonText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** {@link KeyAuthenticator} with one app, a time that stands still, and an issuer whose answers the test gives. */
final class Bench {

    static final SecretKey KEY = new SecretKey("sk_id_one", new Secret("sk_secret_" + "0".repeat(64)), KeyRights.all());
    static final PublishableKey PUBLISHABLE = new PublishableKey("pk_live_one", KeyRights.all(), List.of());
    static final TokenIssuer ISSUER = new TokenIssuer(
            "https://id.example.com", URI.create("https://id.example.com/keys"), "parley", KeyRights.all());

    final ManualTime time = new ManualTime();
    final AtomicInteger fetches = new AtomicInteger();
    final KeyAuthenticator keys = new KeyAuthenticator(time, this::fetch, ServerObserver.NONE, time::nanos);

    /** What the next fetch brings. */
    volatile CompletableFuture<String> answer = new CompletableFuture<>();

    Bench() {
        reload(app(List.of(KEY), List.of(ISSUER)));
    }

    void reload(AppSettings... apps) {
        keys.reload(List.of(apps));
    }

    static AppSettings app(List<SecretKey> keys, List<TokenIssuer> issuers) {
        return new AppSettings("one", true, List.of(PUBLISHABLE), keys, issuers, AppLimits.defaults());
    }

    private CompletableFuture<String> fetch(URI url) {
        fetches.incrementAndGet();
        return answer.copy();
    }

    void answers(String text) {
        answer = CompletableFuture.completedFuture(text);
    }

    void fails() {
        answer = CompletableFuture.failedFuture(new IOException("unplugged"));
    }

    /** What comes of this token, perhaps later. */
    CompletableFuture<AuthenticationResult> asked(String token) {
        return asked(new Credential.Token(token));
    }

    CompletableFuture<AuthenticationResult> asked(Credential credential) {
        CompletableFuture<AuthenticationResult> result = new CompletableFuture<>();
        keys.authenticate(connecting(credential), answered -> {
            if (!result.complete(answered)) {
                throw new AssertionError("answered twice");
            }
        });
        return result;
    }

    static ConnectingClient connecting(String token) {
        return connecting(new Credential.Token(token));
    }

    private static ConnectingClient connecting(Credential credential) {
        return new ConnectingClient(credential, List.of(), InetAddress.getLoopbackAddress());
    }

    /** What comes of this token at once. */
    AuthenticationResult result(String token) {
        AuthenticationResult result = asked(token).getNow(null);
        if (result == null) {
            throw new AssertionError("no answer yet");
        }
        return result;
    }

    /** The claims of a token with an hour to go. */
    static JsonText claims() {
        return Forge.claims("alice").with("exp", ManualTime.START + 3600);
    }

    static JsonText issued() {
        return claims().with("exp", ManualTime.START + 86_400)
                .with("iss", Forge.quote(ISSUER.issuer()))
                .with("aud", "\"parley\"");
    }
}
