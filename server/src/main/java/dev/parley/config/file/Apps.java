// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.Capacity;
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
        for (Values row : values.rows(Keys.APPS)) {
            read.add(app(row));
        }
        if (keys.isEmpty() && issuers.isEmpty()) {
            throw values.place()
                    .below(values.place().line(), Keys.APPS)
                    .refused("nobody could connect: a configuration needs at least one app in 'apps' with a key in"
                            + " 'publishableKeys' or 'secretKeys' or an issuer in 'jwks'");
        }
        return read;
    }

    private AppSettings app(Values row) throws SettingException {
        once(apps, row.get(Keys.APP_ID), row.place(Keys.APP_ID), "ids of apps are unique");
        List<PublishableKey> publishable = new ArrayList<>();
        List<SecretKey> secret = new ArrayList<>();
        List<TokenIssuer> believed = new ArrayList<>();
        for (Values key : row.rows(Keys.PUBLISHABLE_KEYS)) {
            publishable.add(publishableKey(key));
        }
        for (Values key : row.rows(Keys.SECRET_KEYS)) {
            secret.add(secretKey(key));
        }
        for (Values issuer : row.rows(Keys.JWKS)) {
            believed.add(issuer(issuer));
        }
        int count = publishable.size() + secret.size();
        if (count > MAX_KEYS) {
            throw row.place().refused("has " + count + " keys: at most " + MAX_KEYS + " are allowed");
        }
        List<Capacity> capacity = row.rows(Keys.CAPACITY).stream()
                .map(entry -> new Capacity(entry.get(Keys.CAPACITY_CHANNELS), entry.get(Keys.CAPACITY_PEERS)))
                .toList();
        return new AppSettings(
                row.get(Keys.APP_ID),
                row.get(Keys.APP_ENABLED),
                publishable,
                secret,
                believed,
                row.get(Keys.APP_CONNECTIONS),
                capacity,
                row.get(Keys.APP_MESSAGES));
    }

    private PublishableKey publishableKey(Values row) throws SettingException {
        String id = row.get(Keys.PUBLISHABLE_ID);
        once(keys, id, row.place(Keys.PUBLISHABLE_ID), "ids of keys are unique over all apps");
        return new PublishableKey(
                id,
                rights(row, Keys.PUBLISHABLE_CHANNELS, Keys.PUBLISHABLE_ACTIONS),
                row.get(Keys.PUBLISHABLE_ORIGINS));
    }

    private SecretKey secretKey(Values row) throws SettingException {
        String id = row.get(Keys.SECRET_ID);
        once(keys, id, row.place(Keys.SECRET_ID), "ids of keys are unique over all apps");
        if (row.has(Keys.SECRET) && row.has(Keys.SECRET_FILE)) {
            throw row.place(Keys.SECRET_FILE).refused("either 'secret' or 'secretFile' is allowed, not both");
        }
        Secret secret = row.find(Keys.SECRET)
                .or(() -> row.find(Keys.SECRET_FILE))
                .orElseThrow(() -> row.place().refused("'secret' or 'secretFile' must be given"));
        return new SecretKey(id, secret, rights(row, Keys.SECRET_CHANNELS, Keys.SECRET_ACTIONS));
    }

    private TokenIssuer issuer(Values row) throws SettingException {
        String issuer = row.get(Keys.ISSUER);
        String audience = row.get(Keys.ISSUER_AUDIENCE);
        once(
                issuers,
                List.of(issuer, audience),
                row.place(Keys.ISSUER),
                "issuer and audience together are unique over all apps");
        return new TokenIssuer(
                issuer, row.get(Keys.ISSUER_URL), audience, rights(row, Keys.ISSUER_CHANNELS, Keys.ISSUER_ACTIONS));
    }

    private static Rights rights(Values row, Key<List<String>> channels, Key<List<Action>> actions) {
        return new Rights(row.get(channels), new HashSet<>(row.get(actions)));
    }

    private static <I> void once(Map<I, Place> known, I id, Place place, String rule) throws SettingException {
        Place first = known.putIfAbsent(id, place);
        if (first != null) {
            throw place.refused("is the same as " + first.key() + (first.line() == 0 ? "" : " in line " + first.line())
                    + ": " + rule);
        }
    }
}
