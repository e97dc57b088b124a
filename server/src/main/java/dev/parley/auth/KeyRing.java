// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.SecretKey;
import dev.parley.config.TokenIssuer;
import dev.parley.core.access.App;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All keys as configured at one time. A key that is in the next configuration too keeps its authority, which changes
 * with it; one that is not is withdrawn. A secret key with another secret is another key, and so is an issuer whose
 * keys are elsewhere.
 */
final class KeyRing {

    private final Map<String, Publishable> publishable = new HashMap<>();
    private final Map<String, Signing> signing = new HashMap<>();
    private final Map<String, List<Issuing>> issuing = new HashMap<>();
    private final Map<Identity, GrantAuthority> authorities = new HashMap<>();

    /** What stays the same when a key is changed. */
    private record Identity(String app, String kind, String id, String more) {

        @Override
        public String toString() {
            return kind + " " + id; // more may be a secret
        }
    }

    /** A key that is its own credential. */
    record Publishable(App app, GrantAuthority authority, List<String> origins) {}

    /**
     * A key that signs.
     *
     * @param wrongSecret why another secret is refused. It is composed once: composed for each refusal it takes time,
     *     by which an attacker finds out that there is a key of this id
     * @param wrongOrDisabled the same while the app is disabled
     */
    record Signing(App app, GrantAuthority authority, SecretKey key, String wrongSecret, String wrongOrDisabled) {

        Signing(App app, GrantAuthority authority, SecretKey key) {
            this(
                    app,
                    authority,
                    key,
                    "a wrong secret of the key " + key.id(),
                    "a wrong secret of the key " + key.id() + ", or its app is disabled");
        }
    }

    /** An issuer whose tokens are believed. */
    record Issuing(App app, GrantAuthority authority, String audience, IssuerKeys keys) {}

    /** A ring without keys. */
    KeyRing() {}

    /**
     * The keys of these apps.
     *
     * @param previous the keys until now
     * @param newKeys the keys of an issuer that are not fetched yet
     */
    KeyRing(List<AppSettings> apps, KeyRing previous, Function<URI, IssuerKeys> newKeys) {
        for (AppSettings settings : apps) {
            App app = new App(settings.id());
            for (PublishableKey key : settings.publishableKeys()) {
                GrantAuthority authority = authority(settings, "key", key.id(), "", key.rights(), previous);
                publishable.put(key.id(), new Publishable(app, authority, key.origins()));
            }
            for (SecretKey key : settings.secretKeys()) {
                GrantAuthority authority =
                        authority(settings, "secret", key.id(), key.secret().value(), key.rights(), previous);
                signing.put(key.id(), new Signing(app, authority, key));
            }
            for (TokenIssuer issuer : settings.issuers()) {
                String more = issuer.audience() + " " + issuer.url();
                GrantAuthority authority =
                        authority(settings, "issuer", issuer.issuer(), more, issuer.rights(), previous);
                IssuerKeys keys = keys(issuer, previous, newKeys);
                issuing.computeIfAbsent(issuer.issuer(), it -> new ArrayList<>())
                        .add(new Issuing(app, authority, issuer.audience(), keys));
            }
        }
        previous.authorities.forEach((identity, authority) -> {
            if (!authorities.containsKey(identity)) {
                authority.withdraw();
            }
        });
    }

    @Nullable
    Publishable publishable(String id) {
        return publishable.get(id);
    }

    @Nullable
    Signing signing(String id) {
        return signing.get(id);
    }

    /** The issuer of that name whose audience is among these; null unless exactly one is. */
    @Nullable
    Issuing issuing(String issuer, List<String> audiences) {
        List<Issuing> fitting = issuing.getOrDefault(issuer, List.of()).stream()
                .filter(candidate -> audiences.contains(candidate.audience()))
                .toList();
        return fitting.size() == 1 ? fitting.getFirst() : null;
    }

    /** One for all audiences of an issuer, so that it is not asked more often than {@link IssuerKeys} asks. */
    private IssuerKeys keys(TokenIssuer issuer, KeyRing previous, Function<URI, IssuerKeys> newKeys) {
        IssuerKeys mine = keysAt(issuer);
        IssuerKeys known = mine != null ? mine : previous.keysAt(issuer);
        return known != null ? known : newKeys.apply(issuer.url());
    }

    private @Nullable IssuerKeys keysAt(TokenIssuer issuer) {
        for (Issuing candidate : issuing.getOrDefault(issuer.issuer(), List.of())) {
            if (candidate.keys().url().equals(issuer.url())) {
                return candidate.keys();
            }
        }
        return null;
    }

    private GrantAuthority authority(
            AppSettings app, String kind, String id, String more, KeyRights rights, KeyRing previous) {
        Identity identity = new Identity(app.id(), kind, id, more);
        GrantPowers powers = GrantPowers.of(rights);
        GrantAuthority known = previous.authorities.get(identity);
        GrantAuthority authority = known != null ? known : new GrantAuthority(id, powers);
        authority.update(
                app.isEnabled() ? GrantAuthority.Standing.HONOURED : GrantAuthority.Standing.SUSPENDED, powers);
        authorities.put(identity, authority);
        return authority;
    }
}
