// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.OriginRules;
import dev.parley.config.PublishableKey;
import dev.parley.config.SettingException;
import java.util.List;

/** {@code apps[].publishableKeys}: keys for pages. */
final class PublishableKeySection {

    static final SettingTable KEYS = new SettingTable();

    /** The name of the list. */
    static final String ROWS = "publishableKeys";

    static final SettingKey<String> ID = KEYS.add(
            "apps[].publishableKeys[].id",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.REQUIRED,
            "What pages bring: it is the credential and no secret.");

    static final RightsKeys RIGHTS = RightsKeys.ofKey(KEYS, "apps[].publishableKeys[]");

    private static final SettingKey<List<String>> ORIGINS = KEYS.add(
            "apps[].publishableKeys[].origins",
            ListKind.ofOrigins(),
            DefaultValue.of(""),
            "The pages that may use it, as browsers write origins; empty or `*` for any.");

    private PublishableKeySection() {}

    static PublishableKey read(SectionValues row, UniqueIds<String> ids) throws SettingException {
        String id = row.get(ID);
        ids.add(id, row.place(ID));
        if (row.get(RIGHTS.turn()) && isOfAnyOrigin(row)) {
            throw row.place(RIGHTS.turn())
                    .refused("true would let every page use your relay: it needs 'origins', and not \"*\"");
        }
        return new PublishableKey(id, RIGHTS.read(row), row.get(ORIGINS));
    }

    /** Whether every page may use the key. */
    static boolean isOfAnyOrigin(SectionValues row) {
        return OriginRules.areAny(row.get(ORIGINS));
    }
}
