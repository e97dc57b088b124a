// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.Capacity;
import dev.parley.config.Origins;
import dev.parley.config.PublishableKey;
import dev.parley.config.Rights;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.SettingException;
import dev.parley.config.TokenIssuer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Makes apps of what was read, and checks what holds between them: every id is there once. */
final class Apps {

    private static final int MAX_KEYS = 50;

    private final Map<String, Place> apps = new HashMap<>();
    private final Map<String, Place> keys = new HashMap<>();
    private final Map<List<String>, Place> issuers = new HashMap<>();

    /** The apps of a configuration; there must be one that can be used. */
    List<AppSettings> read(Values values) throws SettingException {
        List<AppSettings> read = new ArrayList<>();
        for (Values row : values.rows(Settable.APPS)) {
            read.add(app(row));
        }
        if (keys.isEmpty() && issuers.isEmpty()) {
            throw values.place()
                    .below(values.place().line(), Settable.APPS)
                    .refused("nobody could connect: a configuration needs at least one app in 'apps' with a key in"
                            + " 'publishableKeys' or 'secretKeys' or an issuer in 'jwks'");
        }
        return read;
    }

    /** Returns a sentence for each publishable key that every page may use, with its place. */
    static List<String> keysOfAnyOrigin(Values values) {
        List<String> sentences = new ArrayList<>();
        for (Values app : values.rows(Settable.APPS)) {
            for (Values key : app.rows(Settable.PUBLISHABLE_KEYS)) {
                if (app.get(Settable.APP_ENABLED) && Origins.areAny(key.get(Settable.PUBLISHABLE_ORIGINS))) {
                    Place place = key.place(Settable.PUBLISHABLE_ID);
                    sentences.add((place.line() == 0 ? "" : place.file() + ":" + place.line() + ": ")
                            + "the publishable key " + key.get(Settable.PUBLISHABLE_ID)
                            + " may be used by every page: give it 'origins'");
                }
            }
        }
        return sentences;
    }

    private AppSettings app(Values row) throws SettingException {
        once(apps, row.get(Settable.APP_ID), row.place(Settable.APP_ID), "ids of apps are unique");
        List<PublishableKey> publishable = new ArrayList<>();
        List<SecretKey> secret = new ArrayList<>();
        List<TokenIssuer> believed = new ArrayList<>();
        for (Values key : row.rows(Settable.PUBLISHABLE_KEYS)) {
            publishable.add(publishableKey(key));
        }
        for (Values key : row.rows(Settable.SECRET_KEYS)) {
            secret.add(secretKey(key));
        }
        for (Values issuer : row.rows(Settable.JWKS)) {
            believed.add(issuer(issuer));
        }
        int count = publishable.size() + secret.size();
        if (count > MAX_KEYS) {
            throw row.place().refused("has " + count + " keys: at most " + MAX_KEYS + " are allowed");
        }
        List<Capacity> capacity = row.rows(Settable.CAPACITY).stream()
                .map(entry -> new Capacity(entry.get(Settable.CAPACITY_CHANNELS), entry.get(Settable.CAPACITY_PEERS)))
                .toList();
        return new AppSettings(
                row.get(Settable.APP_ID),
                row.get(Settable.APP_ENABLED),
                publishable,
                secret,
                believed,
                new AppLimits(
                        row.get(Settable.APP_CONNECTIONS),
                        row.get(Settable.APP_PATTERNS),
                        capacity,
                        row.get(Settable.APP_MESSAGES)));
    }

    private PublishableKey publishableKey(Values row) throws SettingException {
        String id = row.get(Settable.PUBLISHABLE_ID);
        once(keys, id, row.place(Settable.PUBLISHABLE_ID), "ids of keys are unique over all apps");
        if (row.get(Settable.PUBLISHABLE_TURN) && Origins.areAny(row.get(Settable.PUBLISHABLE_ORIGINS))) {
            throw row.place(Settable.PUBLISHABLE_TURN)
                    .refused("true would let every page use your relay: it needs 'origins', and not \"*\"");
        }
        return new PublishableKey(
                id,
                rights(
                        row,
                        Settable.PUBLISHABLE_CHANNELS,
                        Settable.PUBLISHABLE_ACTIONS,
                        Settable.PUBLISHABLE_WILDCARDS,
                        Settable.PUBLISHABLE_TURN),
                row.get(Settable.PUBLISHABLE_ORIGINS));
    }

    private SecretKey secretKey(Values row) throws SettingException {
        String id = row.get(Settable.SECRET_ID);
        once(keys, id, row.place(Settable.SECRET_ID), "ids of keys are unique over all apps");
        if (row.has(Settable.SECRET) && row.has(Settable.SECRET_FILE)) {
            throw row.place(Settable.SECRET_FILE).refused("either 'secret' or 'secretFile' is allowed, not both");
        }
        Secret secret = row.find(Settable.SECRET)
                .or(() -> row.find(Settable.SECRET_FILE))
                .orElseThrow(() -> row.place().refused("'secret' or 'secretFile' must be given"));
        return new SecretKey(
                id,
                secret,
                rights(
                        row,
                        Settable.SECRET_CHANNELS,
                        Settable.SECRET_ACTIONS,
                        Settable.SECRET_WILDCARDS,
                        Settable.SECRET_TURN));
    }

    private TokenIssuer issuer(Values row) throws SettingException {
        String issuer = row.get(Settable.ISSUER);
        String audience = row.get(Settable.ISSUER_AUDIENCE);
        once(
                issuers,
                List.of(issuer, audience),
                row.place(Settable.ISSUER),
                "issuer and audience together are unique over all apps");
        return new TokenIssuer(
                issuer,
                row.get(Settable.ISSUER_URL),
                audience,
                rights(
                        row,
                        Settable.ISSUER_CHANNELS,
                        Settable.ISSUER_ACTIONS,
                        Settable.ISSUER_WILDCARDS,
                        Settable.ISSUER_TURN));
    }

    private static Rights rights(
            Values row,
            Key<List<String>> channels,
            Key<List<Action>> actions,
            Key<Boolean> wildcards,
            Key<Boolean> turn) {
        return new Rights(row.get(channels), new HashSet<>(row.get(actions)), row.get(wildcards), row.get(turn));
    }

    private static <I> void once(Map<I, Place> known, I id, Place place, String rule) throws SettingException {
        Place first = known.putIfAbsent(id, place);
        if (first != null) {
            throw place.refused("is the same as " + first.key() + (first.line() == 0 ? "" : " in line " + first.line())
                    + ": " + rule);
        }
    }
}
