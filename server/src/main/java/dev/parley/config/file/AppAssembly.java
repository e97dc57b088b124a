// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.OriginRules;
import dev.parley.config.PublishableKey;
import dev.parley.config.RoomCapacity;
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
final class AppAssembly {

    private static final int MAX_KEYS = 50;

    private final Map<String, SourceLocation> apps = new HashMap<>();
    private final Map<String, SourceLocation> keys = new HashMap<>();
    private final Map<List<String>, SourceLocation> issuers = new HashMap<>();
    private final SettingFaults faults = new SettingFaults();

    /** The apps of a configuration. */
    List<AppSettings> read(SectionValues values) throws SettingException {
        List<AppSettings> read = new ArrayList<>();
        for (SectionValues row : values.rows(SettingCatalog.APPS)) {
            faults.check(() -> read.add(app(row)));
        }
        faults.throwIfAny();
        return read;
    }

    /** Refuses apps without any key. To be called where nothing else is wrong, which it may be a consequence of. */
    static void checkKeys(SectionValues values, List<AppSettings> apps) throws SettingException {
        if (apps.stream()
                .allMatch(app -> app.publishableKeys().isEmpty()
                        && app.secretKeys().isEmpty()
                        && app.issuers().isEmpty())) {
            throw values.place()
                    .below(values.place().line(), SettingCatalog.APPS)
                    .refused("nobody could connect: a configuration needs at least one app in 'apps' with a key in"
                            + " 'publishableKeys' or 'secretKeys' or an issuer in 'jwks'");
        }
    }

    /** Returns a sentence for each publishable key that every page may use, with its place. */
    static List<String> keysOfAnyOrigin(SectionValues values) {
        List<String> sentences = new ArrayList<>();
        for (SectionValues app : values.rows(SettingCatalog.APPS)) {
            for (SectionValues key : app.rows(SettingCatalog.PUBLISHABLE_KEYS)) {
                if (app.get(SettingCatalog.APP_ENABLED)
                        && OriginRules.areAny(key.get(SettingCatalog.PUBLISHABLE_ORIGINS))) {
                    SourceLocation place = key.place(SettingCatalog.PUBLISHABLE_ID);
                    sentences.add((place.line() == 0 ? "" : place.file() + ":" + place.line() + ": ")
                            + "the publishable key " + key.get(SettingCatalog.PUBLISHABLE_ID)
                            + " may be used by every page: give it 'origins'");
                }
            }
        }
        return sentences;
    }

    private AppSettings app(SectionValues row) throws SettingException {
        once(apps, row.get(SettingCatalog.APP_ID), row.place(SettingCatalog.APP_ID), "ids of apps are unique");
        List<PublishableKey> publishable = new ArrayList<>();
        List<SecretKey> secret = new ArrayList<>();
        List<TokenIssuer> believed = new ArrayList<>();
        for (SectionValues key : row.rows(SettingCatalog.PUBLISHABLE_KEYS)) {
            faults.check(() -> publishable.add(publishableKey(key)));
        }
        for (SectionValues key : row.rows(SettingCatalog.SECRET_KEYS)) {
            faults.check(() -> secret.add(secretKey(key)));
        }
        for (SectionValues issuer : row.rows(SettingCatalog.JWKS)) {
            faults.check(() -> believed.add(issuer(issuer)));
        }
        int count = publishable.size() + secret.size();
        if (count > MAX_KEYS) {
            throw row.place().refused("has " + count + " keys: at most " + MAX_KEYS + " are allowed");
        }
        List<RoomCapacity> capacity = row.rows(SettingCatalog.CAPACITY).stream()
                .map(entry -> new RoomCapacity(
                        entry.get(SettingCatalog.CAPACITY_CHANNELS), entry.get(SettingCatalog.CAPACITY_PEERS)))
                .toList();
        return new AppSettings(
                row.get(SettingCatalog.APP_ID),
                row.get(SettingCatalog.APP_ENABLED),
                publishable,
                secret,
                believed,
                new AppLimits(
                        row.get(SettingCatalog.APP_CONNECTIONS),
                        row.get(SettingCatalog.APP_PATTERNS),
                        capacity,
                        row.get(SettingCatalog.APP_MESSAGES)));
    }

    private PublishableKey publishableKey(SectionValues row) throws SettingException {
        String id = row.get(SettingCatalog.PUBLISHABLE_ID);
        once(keys, id, row.place(SettingCatalog.PUBLISHABLE_ID), "ids of keys are unique over all apps");
        if (row.get(SettingCatalog.PUBLISHABLE_TURN)
                && OriginRules.areAny(row.get(SettingCatalog.PUBLISHABLE_ORIGINS))) {
            throw row.place(SettingCatalog.PUBLISHABLE_TURN)
                    .refused("true would let every page use your relay: it needs 'origins', and not \"*\"");
        }
        return new PublishableKey(
                id,
                rights(
                        row,
                        SettingCatalog.PUBLISHABLE_CHANNELS,
                        SettingCatalog.PUBLISHABLE_ACTIONS,
                        SettingCatalog.PUBLISHABLE_WILDCARDS,
                        SettingCatalog.PUBLISHABLE_TURN),
                row.get(SettingCatalog.PUBLISHABLE_ORIGINS));
    }

    private SecretKey secretKey(SectionValues row) throws SettingException {
        String id = row.get(SettingCatalog.SECRET_ID);
        once(keys, id, row.place(SettingCatalog.SECRET_ID), "ids of keys are unique over all apps");
        Secret secret = row.either(SettingCatalog.SECRET, SettingCatalog.SECRET_FILE)
                .orElseThrow(() -> row.place().refused("'secret' or 'secretFile' must be given"));
        return new SecretKey(
                id,
                secret,
                rights(
                        row,
                        SettingCatalog.SECRET_CHANNELS,
                        SettingCatalog.SECRET_ACTIONS,
                        SettingCatalog.SECRET_WILDCARDS,
                        SettingCatalog.SECRET_TURN));
    }

    private TokenIssuer issuer(SectionValues row) throws SettingException {
        String issuer = row.get(SettingCatalog.ISSUER);
        String audience = row.get(SettingCatalog.ISSUER_AUDIENCE);
        once(
                issuers,
                List.of(issuer, audience),
                row.place(SettingCatalog.ISSUER),
                "issuer and audience together are unique over all apps");
        return new TokenIssuer(
                issuer,
                row.get(SettingCatalog.ISSUER_URL),
                audience,
                rights(
                        row,
                        SettingCatalog.ISSUER_CHANNELS,
                        SettingCatalog.ISSUER_ACTIONS,
                        SettingCatalog.ISSUER_WILDCARDS,
                        SettingCatalog.ISSUER_TURN));
    }

    private static KeyRights rights(
            SectionValues row,
            SettingKey<List<String>> channels,
            SettingKey<List<Action>> actions,
            SettingKey<Boolean> wildcards,
            SettingKey<Boolean> turn) {
        return new KeyRights(row.get(channels), new HashSet<>(row.get(actions)), row.get(wildcards), row.get(turn));
    }

    private static <I> void once(Map<I, SourceLocation> known, I id, SourceLocation place, String rule)
            throws SettingException {
        SourceLocation first = known.putIfAbsent(id, place);
        if (first != null) {
            throw place.refused("is the same as " + first.key() + (first.line() == 0 ? "" : " in line " + first.line())
                    + ": " + rule);
        }
    }
}
