// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.AppSettings;
import dev.parley.config.OriginRules;
import dev.parley.config.Secret;
import dev.parley.core.access.App;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.ChannelSet;
import dev.parley.core.access.ClaimedRights;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.access.VisitorFlaw;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.ServerObserver;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Judges every credential by the keys that are configured at that time. Safe from any thread. */
public final class KeyAuthenticator implements Authenticator, BackEnds {

    /** Compared with where there is no key, so that unknown keys take as long as known ones. */
    private static final String OTHER_ORIGIN = "the key may not be used by pages of this origin";

    private static final String PAGE_IS_A_FILE = OTHER_ORIGIN + ", which is that of a page opened as a file";

    /** The pages that may use an unknown key: none has these origins. */
    private static final List<String> NO_ORIGINS = List.of("https://one.invalid", "https://two.invalid");

    private static final Secret NOBODYS = new Secret("this secret is not random, so no token has it");

    private static final String FALSE_SIGNATURE = "a token with a false signature";

    private final InstantSource clock;
    private final Function<URI, IssuerKeys> newKeys;
    private volatile KeyRing ring = new KeyRing();

    /** An authenticator without keys; {@link #reload} gives it some. */
    public KeyAuthenticator(InstantSource clock) {
        this(clock, ServerObserver.NONE);
    }

    /**
     * Without any keys.
     *
     * @param observer counts the outcome of each fetch of keys
     */
    public KeyAuthenticator(InstantSource clock, ServerObserver observer) {
        this(clock, new KeyFetch(), observer, System::nanoTime);
    }

    KeyAuthenticator(
            InstantSource clock,
            Function<URI, CompletableFuture<String>> fetch,
            ServerObserver observer,
            LongSupplier nanos) {
        this.clock = clock;
        this.newKeys = url -> new IssuerKeys(url, fetch, observer, nanos);
    }

    /** Replaces the keys; grants that rest on other keys are withdrawn. Not to be called twice at once. */
    public void reload(List<AppSettings> apps) {
        ring = new KeyRing(apps, ring, newKeys);
    }

    @Override
    public @Nullable VisitorFlaw flaw(ConnectingClient connecting) {
        return switch (connecting.credential()) {
            case Credential.None none -> VisitorFlaw.INVALID_TOKEN;
            case Credential.Key key -> {
                KeyRing.Publishable known = ring.publishable(key.id());
                boolean isAllowed = isAllowed(known, connecting.origins());
                yield known == null || isAllowed ? null : VisitorFlaw.ORIGIN_NOT_ALLOWED;
            }
            case Credential.Token token -> {
                try {
                    JsonWebToken.parse(token.text());
                    yield null;
                } catch (JsonFault e) {
                    yield VisitorFlaw.INVALID_TOKEN;
                }
            }
        };
    }

    @Override
    public void authenticate(ConnectingClient connecting, Consumer<AuthenticationResult> answer) {
        switch (connecting.credential()) {
            case Credential.None none -> answer.accept(new AuthenticationResult.Invalid("no credential"));
            case Credential.Key key -> answer.accept(verify(key, connecting.origins()));
            case Credential.Token token -> verify(token, answer);
        }
    }

    @Override
    public boolean isPublishableKey(ConnectingClient connecting) {
        return connecting.credential() instanceof Credential.Key key && grants(ring.publishable(key.id()), connecting);
    }

    /**
     * Whether pages of these origins may use a key. For an unknown key it takes the same time: an attacker measures it.
     */
    private static boolean isAllowed(KeyRing.@Nullable Publishable known, List<String> origins) {
        return OriginRules.allow(known == null ? NO_ORIGINS : known.origins(), origins);
    }

    private static boolean grants(KeyRing.@Nullable Publishable known, ConnectingClient connecting) {
        return isAllowed(known, connecting.origins())
                && known != null
                && known.authority().standing() == GrantAuthority.Standing.HONOURED;
    }

    private AuthenticationResult verify(Credential.Key key, List<String> origins) {
        KeyRing.Publishable known = ring.publishable(key.id());
        boolean isAllowed = isAllowed(known, origins);
        if (known == null) {
            return new AuthenticationResult.Invalid("unknown publishable key");
        }
        if (!isAllowed) {
            return new AuthenticationResult.Invalid(origins.equals(List.of("null")) ? PAGE_IS_A_FILE : OTHER_ORIGIN);
        }
        if (known.authority().standing() == GrantAuthority.Standing.SUSPENDED) {
            return new AuthenticationResult.Suspended();
        }
        PeerIdentity peer = new PeerIdentity(OrderedIds.next(clock.millis()), null);
        return new AuthenticationResult.Granted(
                new Grant(known.app(), peer, known.authority(), ClaimedRights.ALL, Grant.NEVER, null));
    }

    private void verify(Credential.Token token, Consumer<AuthenticationResult> answer) {
        try {
            JsonWebToken jwt = JsonWebToken.parse(token.text());
            if (jwt.algorithm() == SignatureAlgorithm.HS256) {
                KeyRing.Signing known = ring.signing(jwt.keyId());
                boolean isSigned = HmacSignature.isSigned(
                        jwt, known == null ? NOBODYS : known.key().secret());
                if (known == null) {
                    answer.accept(new AuthenticationResult.Invalid("a token of an unknown secret key"));
                } else if (!isSigned) {
                    answer.accept(new AuthenticationResult.Invalid(FALSE_SIGNATURE));
                } else {
                    answer.accept(grant(known.app(), known.authority(), jwt.claims()));
                }
            } else {
                verify(jwt, answer);
            }
        } catch (JsonFault e) {
            answer.accept(invalid(e));
        }
    }

    /** What is wrong with the form of a token is said without its words. */
    private static AuthenticationResult invalid(JsonFault fault) {
        return new AuthenticationResult.Invalid("not a token: " + fault.getMessage());
    }

    private void verify(JsonWebToken jwt, Consumer<AuthenticationResult> answer) throws JsonFault {
        String issuer = jwt.claims().string("iss");
        KeyRing.Issuing known = issuer == null ? null : ring.issuing(issuer, audiences(jwt.claims()));
        if (known == null) {
            answer.accept(new AuthenticationResult.Invalid("a token of an unknown issuer, or for another audience"));
            return;
        }
        known.keys()
                .verify(
                        jwt,
                        finding -> answer.accept(
                                switch (finding) {
                                    case GENUINE -> grant(known.app(), known.authority(), jwt.claims());
                                    case FALSE -> new AuthenticationResult.Invalid(FALSE_SIGNATURE);
                                    case UNKNOWN -> new AuthenticationResult.Unknown();
                                }));
    }

    /** One audience or several (RFC 7519 section 4.1.3). */
    private static List<String> audiences(JsonObject claims) throws JsonFault {
        String json = claims.json("aud");
        if (json == null || json.startsWith("\"")) {
            String one = claims.string("aud");
            return one == null ? List.of() : List.of(one);
        }
        List<String> several = claims.strings("aud");
        return several == null ? List.of() : several;
    }

    private AuthenticationResult grant(App app, GrantAuthority authority, JsonObject claims) {
        TokenTerms terms;
        try {
            terms = TokenClaims.read(claims);
        } catch (JsonFault e) {
            return invalid(e);
        }
        if (authority.standing() == GrantAuthority.Standing.WITHDRAWN) {
            return new AuthenticationResult.Invalid("the issuer was taken out"); // while the issuer's keys were fetched
        }
        long now = clock.instant().getEpochSecond();
        if (TokenClaims.isExpired(terms, now)) {
            return new AuthenticationResult.Expired();
        }
        if (TokenClaims.isTooEarly(terms, now)) {
            return new AuthenticationResult.Invalid("a token from the future: compare the clocks");
        }
        if (authority.standing() == GrantAuthority.Standing.SUSPENDED) {
            return new AuthenticationResult.Suspended();
        }
        if (isUseless(terms, authority.powers())) {
            return new AuthenticationResult.Useless();
        }
        List<String> channels = terms.channels();
        ClaimedRights claimed =
                new ClaimedRights(channels == null ? null : ChannelSet.of(channels), terms.permissions());
        PeerIdentity peer = new PeerIdentity(terms.peerId(), terms.peerMetadata());
        return new AuthenticationResult.Granted(
                new Grant(app, peer, authority, claimed, terms.expiresAt(), terms.metadata()));
    }

    /** Whether every channel is named in full, and none of them is one its key may give. */
    private static boolean isUseless(TokenTerms terms, GrantPowers powers) {
        List<String> channels = terms.channels();
        if (channels == null || channels.isEmpty()) {
            return false;
        }
        return channels.stream()
                .map(ChannelPattern::of)
                .noneMatch(claim -> claim.isWild() || powers.channels().cover(claim));
    }

    @Override
    public @Nullable BackEnd authenticate(String id, String secret) {
        KeyRing.Signing known = ring.signing(id);
        boolean isRight = (known == null ? NOBODYS : known.key().secret()).matches(secret);
        if (known == null || !isRight || known.authority().standing() != GrantAuthority.Standing.HONOURED) {
            return null;
        }
        return new BackEnd(known.app(), known.authority());
    }

    @Override
    public String refusal(String id) {
        KeyRing keys = ring;
        KeyRing.Signing known = keys.signing(id);
        KeyRing.Publishable publishable = keys.publishable(id);
        if (publishable != null) {
            return "the publishable key " + id + ", where a secret key is needed";
        }
        if (known == null) {
            return "an unknown secret key id";
        }
        return known.authority().standing() == GrantAuthority.Standing.HONOURED
                ? known.wrongSecret()
                : known.wrongOrDisabled();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // an authority is nothing but itself
    public @Nullable String mint(BackEnd backEnd, TokenTerms terms) {
        KeyRing.Signing known = ring.signing(backEnd.key().id());
        return known == null || known.authority() != backEnd.key() ? null : TokenSigner.sign(terms, known.key());
    }
}
