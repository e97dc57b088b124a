// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.SettingException;

/** {@code apps[].secretKeys}: keys for back ends. */
final class SecretKeySection {

    static final SettingTable KEYS = new SettingTable();

    /** The name of the list. */
    static final String ROWS = "secretKeys";

    static final SettingKey<String> ID = KEYS.add(
            "apps[].secretKeys[].id",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.REQUIRED,
            "The key's public name, the `kid` of its tokens.");

    static final SettingKey<Secret> SECRET = KEYS.add(
            "apps[].secretKeys[].secret",
            ValueKinds.SECRET,
            DefaultValue.NONE,
            "What signs tokens and opens REST; this or `secretFile`.");

    private static final SettingKey<Secret> SECRET_FILE = KEYS.add(
            "apps[].secretKeys[].secretFile",
            ValueKinds.SECRET_FILE,
            DefaultValue.NONE,
            "The file that holds the secret; one line end behind it does not count.");

    private static final RightsKeys RIGHTS = RightsKeys.ofTokens(KEYS, "apps[].secretKeys[]");

    private SecretKeySection() {}

    static SecretKey read(SectionValues row, UniqueIds<String> ids) throws SettingException {
        String id = row.get(ID);
        ids.add(id, row.place(ID));
        Secret secret = row.either(SECRET, SECRET_FILE)
                .orElseThrow(() -> row.place().refused("'secret' or 'secretFile' must be given"));
        return new SecretKey(id, secret, RIGHTS.read(row));
    }
}
