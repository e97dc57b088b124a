// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.BackEnds;
import dev.parley.core.access.GrantDenial;
import dev.parley.core.access.NameRules;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.port.HttpReply;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import dev.parley.json.LogText;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a token for a peer.
 *
 * @param backEnds signs it
 */
record MintTokenOperation(BackEnds backEnds, InstantSource clock) implements ApiOperation {

    private static final List<String> FIELDS =
            List.of("peerId", "channels", "permissions", "expiresInSec", "metadata", "peerMetadata");

    /** Of an unknown field. */
    private static final int SHOWN_CHARACTERS = 64;

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException, JsonFault {
        TokenTerms terms = terms(call.body());
        if (terms.channels() != null && terms.channels().stream().anyMatch(NameRules::isReserved)) {
            throw ApiRefusedException.reserved();
        }
        if (terms.foreignChannel(call.powers()) != null) {
            throw ApiRefusedException.denied(GrantDenial.CHANNEL, Action.SUBSCRIBE);
        }
        Action foreign = terms.foreignPermission(call.powers());
        if (foreign != null) {
            throw ApiRefusedException.denied(GrantDenial.ACTION, foreign);
        }
        String token = backEnds.mint(call.backEnd(), terms);
        if (token == null) {
            throw new ApiRefusedException(JsonReplies.UNAUTHORIZED.refusedFor(
                    "a key that was taken out")); // the key was withdrawn a moment ago
        }
        answer.accept(JsonReplies.ok(JsonReplies.text()
                .raw("{\"token\":")
                .string(token)
                .raw(",\"expiresAt\":")
                .number(terms.expiresAt())
                .end()));
    }

    private TokenTerms terms(JsonObject body) throws ApiRefusedException, JsonFault {
        refuseUnknown(body.keys());
        String peerId = body.string("peerId");
        if (peerId == null) {
            throw ApiRefusedException.invalid("\"peerId\" is missing");
        }
        long life = body.whole("expiresInSec").orElse(TokenTerms.DEFAULT_LIFE);
        if (life < 1 || life > TokenTerms.MAX_LIFE) {
            throw ApiRefusedException.invalid("\"expiresInSec\" must be 1 to " + TokenTerms.MAX_LIFE);
        }
        long now = clock.instant().getEpochSecond();
        TokenTerms terms = new TokenTerms(
                peerId,
                body.strings("channels"),
                permissions(body.strings("permissions")),
                now,
                now + life,
                body.object("metadata"),
                body.object("peerMetadata"));
        String fault = terms.fault();
        if (fault != null) {
            throw ApiRefusedException.invalid(fault);
        }
        return terms;
    }

    /** A right that is misspelled would not be limited: what is absent is all that the key may do. */
    private static void refuseUnknown(Set<String> fields) throws ApiRefusedException {
        for (String field : fields) {
            if (!FIELDS.contains(field)) {
                String start = field.substring(0, Math.min(field.length(), SHOWN_CHARACTERS));
                throw ApiRefusedException.invalid(
                        "a token has no field " + LogText.of(start) + "; it has " + String.join(", ", FIELDS));
            }
        }
    }

    private static @Nullable Set<Action> permissions(@Nullable List<String> words) throws ApiRefusedException {
        if (words == null) {
            return null;
        }
        Set<Action> permissions = EnumSet.noneOf(Action.class);
        for (String word : words) {
            Action action = Action.of(word);
            if (action == null || words.size() > TokenTerms.MAX_PERMISSIONS) {
                throw ApiRefusedException.invalid("\"permissions\" must be at most " + TokenTerms.MAX_PERMISSIONS
                        + " of subscribe, publish, presence, send");
            }
            permissions.add(action);
        }
        return permissions;
    }
}
