// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.KeyRights;
import java.util.HashSet;
import java.util.List;

/** The settings of what a key, or a token of an issuer, may be used for. */
record RightsKeys(
        SettingKey<List<String>> channels,
        SettingKey<List<Action>> actions,
        SettingKey<Boolean> wildcards,
        SettingKey<Boolean> turn) {

    /** All actions, as the environment writes a list. */
    static final String EVERY_ACTION = "subscribe,publish,presence,send";

    /** What holds for all its tokens, which may themselves be for less. */
    static RightsKeys ofTokens(SettingTable keys, String section) {
        return of(
                keys,
                section,
                keys.add(
                        section + ".channels",
                        patterns(),
                        DefaultValue.of("**"),
                        "The channels its tokens may be for, as patterns."),
                keys.add(
                        section + ".actions",
                        actionList(),
                        DefaultValue.of(EVERY_ACTION),
                        "The most its tokens may be used for."));
    }

    /** What must be said of a key that is its own credential. */
    static RightsKeys ofKey(SettingTable keys, String section) {
        return of(
                keys,
                section,
                keys.add(
                        section + ".channels",
                        patterns(),
                        DefaultValue.REQUIRED,
                        "The channels it is for, as patterns."),
                keys.add(section + ".actions", actionList(), DefaultValue.REQUIRED, "What it may be used for."));
    }

    private static RightsKeys of(
            SettingTable keys, String section, SettingKey<List<String>> channels, SettingKey<List<Action>> actions) {
        return new RightsKeys(
                channels,
                actions,
                keys.add(
                        section + ".wildcards",
                        ValueKinds.SWITCH,
                        DefaultValue.of("true"),
                        "Whether it allows subscriptions to patterns, by which one hears channels one cannot name."),
                keys.add(
                        section + ".turn",
                        ValueKinds.SWITCH,
                        DefaultValue.of("false"),
                        "Whether its holders get the servers that ask for credentials, with credentials."));
    }

    KeyRights read(SectionValues row) {
        return new KeyRights(row.get(channels), new HashSet<>(row.get(actions)), row.get(wildcards), row.get(turn));
    }

    private static ListKind<String> patterns() {
        return new ListKind<>(ValueKinds.PATTERN, 1, 100, "room-*");
    }

    private static ListKind<Action> actionList() {
        return new ListKind<>(ValueKinds.ACTION, 1, 4, "subscribe");
    }
}
