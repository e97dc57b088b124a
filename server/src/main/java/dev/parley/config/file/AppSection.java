// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.PublishableKey;
import dev.parley.config.RoomCapacity;
import dev.parley.config.SecretKey;
import dev.parley.config.SettingException;
import dev.parley.config.TokenIssuer;
import java.util.ArrayList;
import java.util.List;

/** {@code apps}: the tenants. Every id is there once. */
final class AppSection {

    static final SettingTable KEYS = new SettingTable();

    /** The name of the list. */
    static final String ROWS = "apps";

    private static final String CAPACITY = "capacity";
    private static final int MANY = 1_000_000;
    private static final int MAX_KEYS = 50;

    static final SettingKey<String> ID = KEYS.add(
            "apps[].id", ValueKinds.ID_OF_SOMETHING, DefaultValue.REQUIRED, "The app's name in logs and answers.");

    private static final SettingKey<Boolean> ENABLED =
            KEYS.add("apps[].enabled", ValueKinds.SWITCH, DefaultValue.of("true"), "Whether its keys are honoured.");

    static {
        KEYS.addAll(PublishableKeySection.KEYS);
        KEYS.addAll(SecretKeySection.KEYS);
        KEYS.addAll(IssuerSection.KEYS);
    }

    private static final SettingKey<Integer> CONNECTIONS = KEYS.add(
            "apps[].limits.connections",
            ValueKinds.count(0, 10 * MANY),
            DefaultValue.of(AppLimits.defaults().connections()),
            "How many connections the app may have at once; 0 is any number.");

    private static final SettingKey<Integer> PATTERNS = KEYS.add(
            "apps[].limits.patterns",
            ValueKinds.count(1, MANY),
            DefaultValue.of(AppLimits.defaults().patterns()),
            "How many different patterns of channels its clients may subscribe to at once.");

    private static final SettingKey<String> CAPACITY_CHANNELS = KEYS.add(
            "apps[].capacity[].channels", ValueKinds.PATTERN, DefaultValue.REQUIRED, "The channels this is about.");

    private static final SettingKey<Integer> CAPACITY_PEERS = KEYS.add(
            "apps[].capacity[].peers",
            ValueKinds.count(1, MANY),
            DefaultValue.REQUIRED,
            "How many peers fit into each of them; the first entry that matches counts.");

    private static final SettingKey<Long> MESSAGES = KEYS.add(
            "apps[].quotas.messagesPerPeriod",
            ValueKinds.number(0, 1_000_000_000_000L),
            DefaultValue.of(AppLimits.defaults().messagesPerPeriod()),
            "How many messages the app may send in a calendar month (UTC); 0 is any number.");

    private final UniqueIds<String> apps = new UniqueIds<>("ids of apps are unique");
    private final UniqueIds<String> keys = new UniqueIds<>("ids of keys are unique over all apps");
    private final UniqueIds<List<String>> issuers =
            new UniqueIds<>("issuer and audience together are unique over all apps");
    private final SettingFaults faults = new SettingFaults();

    private AppSection() {}

    /** Reads the apps of a configuration. */
    static List<AppSettings> read(SectionValues values) throws SettingException {
        return new AppSection().apps(values);
    }

    /** Refuses apps without any key. To be called where nothing else is wrong, which it may be a consequence of. */
    static void checkKeys(SectionValues values, List<AppSettings> apps) throws SettingException {
        if (apps.stream()
                .allMatch(app -> app.publishableKeys().isEmpty()
                        && app.secretKeys().isEmpty()
                        && app.issuers().isEmpty())) {
            throw values.place()
                    .below(values.place().line(), ROWS)
                    .refused("nobody could connect: a configuration needs at least one app in 'apps' with a key in"
                            + " 'publishableKeys' or 'secretKeys' or an issuer in 'jwks'");
        }
    }

    /** Returns a sentence for each publishable key that every page may use, with its place. */
    static List<String> keysOfAnyOrigin(SectionValues values) {
        List<String> sentences = new ArrayList<>();
        for (SectionValues app : values.rows(ROWS)) {
            for (SectionValues key : app.rows(PublishableKeySection.ROWS)) {
                if (app.get(ENABLED) && PublishableKeySection.isOfAnyOrigin(key)) {
                    SourceLocation place = key.place(PublishableKeySection.ID);
                    sentences.add((place.line() == 0 ? "" : place.file() + ":" + place.line() + ": ")
                            + "the publishable key " + key.get(PublishableKeySection.ID)
                            + " may be used by every page: give it 'origins'");
                }
            }
        }
        return sentences;
    }

    private List<AppSettings> apps(SectionValues values) throws SettingException {
        List<AppSettings> read = new ArrayList<>();
        for (SectionValues row : values.rows(ROWS)) {
            faults.check(() -> read.add(app(row)));
        }
        faults.throwIfAny();
        return read;
    }

    private AppSettings app(SectionValues row) throws SettingException {
        apps.add(row.get(ID), row.place(ID));
        List<PublishableKey> publishable = new ArrayList<>();
        List<SecretKey> secret = new ArrayList<>();
        List<TokenIssuer> accepted = new ArrayList<>();
        for (SectionValues key : row.rows(PublishableKeySection.ROWS)) {
            faults.check(() -> publishable.add(PublishableKeySection.read(key, keys)));
        }
        for (SectionValues key : row.rows(SecretKeySection.ROWS)) {
            faults.check(() -> secret.add(SecretKeySection.read(key, keys)));
        }
        for (SectionValues issuer : row.rows(IssuerSection.ROWS)) {
            faults.check(() -> accepted.add(IssuerSection.read(issuer, issuers)));
        }
        int count = publishable.size() + secret.size();
        if (count > MAX_KEYS) {
            throw row.place().refused("has " + count + " keys: at most " + MAX_KEYS + " are allowed");
        }
        List<RoomCapacity> capacity = row.rows(CAPACITY).stream()
                .map(entry -> new RoomCapacity(entry.get(CAPACITY_CHANNELS), entry.get(CAPACITY_PEERS)))
                .toList();
        AppLimits limits = new AppLimits(row.get(CONNECTIONS), row.get(PATTERNS), capacity, row.get(MESSAGES));
        return new AppSettings(row.get(ID), row.get(ENABLED), publishable, secret, accepted, limits);
    }
}
