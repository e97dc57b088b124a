// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.AppSettings;
import dev.parley.config.Secret;
import dev.parley.core.access.App;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.Authority;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Channels;
import dev.parley.core.access.Claimed;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Flaw;
import dev.parley.core.access.Grant;
import dev.parley.core.access.Powers;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.access.Verdict;
import dev.parley.core.access.Visitor;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Peer;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Judges every credential by the keys that are configured at that time. Safe from any thread. */
public final class Keys implements Authenticator, BackEnds {

    /** Compared with where there is no key, so that unknown keys take as long as known ones. */
    private static final Secret NOBODYS = new Secret("nobody has this secret, as it is not random");

    private static final String FALSE_SIGNATURE = "a token with a false signature";

    private final InstantSource clock;
    private final Function<URI, IssuerKeys> newKeys;
    private volatile KeyRing ring = new KeyRing();

    /** Without any keys. */
    public Keys(InstantSource clock) {
        this(clock, Observer.NONE);
    }

    /**
     * Without any keys.
     *
     * @param observer is told how fetching keys went
     */
    public Keys(InstantSource clock, Observer observer) {
        this(clock, new KeyFetch(), observer, System::nanoTime);
    }

    Keys(InstantSource clock, Function<URI, CompletableFuture<String>> fetch, Observer observer, LongSupplier nanos) {
        this.clock = clock;
        this.newKeys = url -> new IssuerKeys(url, fetch, observer, nanos);
    }

    /** From now on these keys count; what rests on others is withdrawn. Not to be called twice at once. */
    public void become(List<AppSettings> apps) {
        ring = new KeyRing(apps, ring, newKeys);
    }

    @Override
    public @Nullable Flaw flaw(Visitor visitor) {
        return switch (visitor.credential()) {
            case Credential.None none -> Flaw.INVALID_TOKEN;
            case Credential.Key key -> {
                KeyRing.Publishable known = ring.publishable(key.id());
                yield known == null || known.allows(visitor.origins()) ? null : Flaw.ORIGIN_NOT_ALLOWED;
            }
            case Credential.Token token -> {
                try {
                    Jwt.parse(token.text());
                    yield null;
                } catch (JsonFault e) {
                    yield Flaw.INVALID_TOKEN;
                }
            }
        };
    }

    @Override
    public void authenticate(Visitor visitor, Consumer<Verdict> answer) {
        switch (visitor.credential()) {
            case Credential.None none -> answer.accept(new Verdict.Invalid("no credential"));
            case Credential.Key key -> answer.accept(judge(key, visitor.origins()));
            case Credential.Token token -> judge(token, answer);
        }
    }

    @Override
    public boolean isPublishableKey(Visitor visitor) {
        return visitor.credential() instanceof Credential.Key key && grants(ring.publishable(key.id()), visitor);
    }

    private static boolean grants(KeyRing.@Nullable Publishable known, Visitor visitor) {
        return known != null
                && known.allows(visitor.origins())
                && known.authority().standing() == Authority.Standing.HONOURED;
    }

    private Verdict judge(Credential.Key key, List<String> origins) {
        KeyRing.Publishable known = ring.publishable(key.id());
        if (known == null) {
            return new Verdict.Invalid("unknown publishable key");
        }
        if (!known.allows(origins)) {
            return new Verdict.Invalid("the key may not be used by pages of this origin"
                    + (origins.equals(List.of("null")) ? ", which is that of a page opened as a file" : ""));
        }
        if (known.authority().standing() == Authority.Standing.SUSPENDED) {
            return new Verdict.Suspended();
        }
        Peer peer = new Peer(UUID.randomUUID().toString(), null);
        return new Verdict.Granted(new Grant(known.app(), peer, known.authority(), Claimed.ALL, Grant.NEVER, null));
    }

    private void judge(Credential.Token token, Consumer<Verdict> answer) {
        try {
            Jwt jwt = Jwt.parse(token.text());
            if (jwt.algorithm() == Algorithm.HS256) {
                KeyRing.Signing known = ring.signing(jwt.keyId());
                boolean isSigned =
                        Hmac.isSigned(jwt, known == null ? NOBODYS : known.key().secret());
                if (known == null) {
                    answer.accept(new Verdict.Invalid("a token of an unknown secret key"));
                } else if (!isSigned) {
                    answer.accept(new Verdict.Invalid(FALSE_SIGNATURE));
                } else {
                    answer.accept(grant(known.app(), known.authority(), jwt.claims()));
                }
            } else {
                judge(jwt, answer);
            }
        } catch (JsonFault e) {
            answer.accept(invalid(e));
        }
    }

    /** What is wrong with the form of a token is said without its words. */
    private static Verdict invalid(JsonFault fault) {
        return new Verdict.Invalid("a token that is none: " + fault.getMessage());
    }

    private void judge(Jwt jwt, Consumer<Verdict> answer) throws JsonFault {
        String issuer = jwt.claims().string("iss");
        KeyRing.Issuing known = issuer == null ? null : ring.issuing(issuer, audiences(jwt.claims()));
        if (known == null) {
            answer.accept(new Verdict.Invalid("a token of an unknown issuer, or for another audience"));
            return;
        }
        known.keys()
                .verify(
                        jwt,
                        finding -> answer.accept(
                                switch (finding) {
                                    case GENUINE -> grant(known.app(), known.authority(), jwt.claims());
                                    case FALSE -> new Verdict.Invalid(FALSE_SIGNATURE);
                                    case UNKNOWN -> new Verdict.Unknown();
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

    private Verdict grant(App app, Authority authority, JsonObject claims) {
        TokenTerms terms;
        try {
            terms = Claims.read(claims);
        } catch (JsonFault e) {
            return invalid(e);
        }
        if (authority.standing() == Authority.Standing.WITHDRAWN) {
            return new Verdict.Invalid("the issuer was taken out"); // while the issuer's keys were fetched
        }
        long now = clock.instant().getEpochSecond();
        if (Claims.isExpired(terms, now)) {
            return new Verdict.Expired();
        }
        if (Claims.isTooEarly(terms, now)) {
            return new Verdict.Invalid("a token from the future: compare the clocks");
        }
        if (authority.standing() == Authority.Standing.SUSPENDED) {
            return new Verdict.Suspended();
        }
        if (isUseless(terms, authority.powers())) {
            return new Verdict.Useless();
        }
        List<String> channels = terms.channels();
        Claimed claimed = new Claimed(channels == null ? null : Channels.of(channels), terms.permissions());
        Peer peer = new Peer(terms.peerId(), terms.peerMetadata());
        return new Verdict.Granted(new Grant(app, peer, authority, claimed, terms.expiresAt(), terms.metadata()));
    }

    /** Whether every channel is named in full, and none of them is one its key may give. */
    private static boolean isUseless(TokenTerms terms, Powers powers) {
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
        if (known == null || !isRight || known.authority().standing() != Authority.Standing.HONOURED) {
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
        return known.authority().standing() == Authority.Standing.HONOURED
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
