// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.MinimalSettings;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import java.util.List;
import java.util.Optional;

/** {@code minimal}: who may use the minimal protocol. */
final class MinimalSection {

    static final SettingTable KEYS = new SettingTable();

    private static final SettingKey<Boolean> ENABLED = KEYS.add(
            "minimal.enabled",
            ValueKinds.SWITCH,
            DefaultValue.of("false").development("true"),
            "Whether the minimal protocol is served; with a configuration it then needs `origins` or `key`.");

    private static final SettingKey<List<String>> ORIGINS = KEYS.add(
            "minimal.origins",
            ListKind.ofOrigins(),
            DefaultValue.of(""),
            "The pages that may use it, as browsers write origins; empty or `*` for any.");

    static final SettingKey<Optional<Secret>> KEY = KEYS.add(
            "minimal.key", ValueKinds.PASSWORD, DefaultValue.NONE, "What `?key=` must say; empty for nothing.");

    static final SettingKey<Optional<Secret>> KEY_FILE = KEYS.add(
            "minimal.keyFile",
            ValueKinds.PASSWORD_FILE,
            DefaultValue.NONE,
            "The file that holds the key; this or `key`.");

    private MinimalSection() {}

    static MinimalSettings read(SectionValues values, ServerSettings.Mode mode) throws SettingException {
        boolean isEnabled = values.get(ENABLED);
        List<String> origins = values.get(ORIGINS);
        Optional<Secret> key = values.either(KEY, KEY_FILE).flatMap(given -> given);
        if (mode == ServerSettings.Mode.CONFIGURED && isEnabled && origins.isEmpty() && key.isEmpty()) {
            throw values.place(ENABLED)
                    .refused("true would let anyone use the minimal protocol: it needs minimal.origins"
                            + " (\"*\" for any) or minimal.key");
        }
        return new MinimalSettings(isEnabled, origins, key);
    }
}
