// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.Action;
import dev.parley.core.access.TokenTerms;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims of a token: what each must be, and when the token counts. Times are in seconds since 1970. */
final class TokenClaims {

    /** How much later than ours the clock of whoever signed may be. */
    private static final long LEEWAY = 60;

    /** The last second of the year 9999: later times are mistakes. */
    private static final long LATEST = 253_402_300_799L;

    private TokenClaims() {}

    /** Reads them; whether the token has begun and not yet ended is for the caller to ask. */
    static TokenTerms read(JsonObject claims) throws JsonFault {
        String peerId = claims.string("sub");
        if (peerId == null) {
            throw new JsonFault("\"sub\" is missing");
        }
        long expiresAt = time(claims, "exp").orElseThrow(() -> new JsonFault("\"exp\" is missing"));
        long issuedAt = Math.max(
                time(claims, "iat").orElse(Long.MIN_VALUE), time(claims, "nbf").orElse(Long.MIN_VALUE));
        TokenTerms terms = new TokenTerms(
                peerId,
                claims.strings("channels"),
                permissions(claims.strings("permissions")),
                issuedAt,
                expiresAt,
                claims.object("metadata"),
                claims.object("peerMetadata"));
        String fault = terms.fault();
        if (fault != null) {
            throw new JsonFault(fault);
        }
        return terms;
    }

    static boolean isTooEarly(TokenTerms terms, long now) {
        return terms.issuedAt() > now + LEEWAY;
    }

    static boolean isExpired(TokenTerms terms, long now) {
        return terms.expiresAt() <= now;
    }

    private static OptionalLong time(JsonObject claims, String name) throws JsonFault {
        OptionalLong time = claims.whole(name);
        if (time.isPresent() && (time.getAsLong() < 0 || time.getAsLong() > LATEST)) {
            throw new JsonFault("\"" + name + "\" is no time");
        }
        return time;
    }

    private static @Nullable Set<Action> permissions(@Nullable List<String> words) throws JsonFault {
        if (words == null) {
            return null;
        }
        if (words.size() > TokenTerms.MAX_PERMISSIONS) {
            throw new JsonFault("\"permissions\" must be at most " + TokenTerms.MAX_PERMISSIONS);
        }
        Set<Action> permissions = EnumSet.noneOf(Action.class);
        for (String word : words) {
            Action action = Action.of(word);
            if (action == null) {
                throw new JsonFault("\"permissions\" must be of subscribe, publish, presence, send");
            }
            permissions.add(action);
        }
        return permissions;
    }
}
