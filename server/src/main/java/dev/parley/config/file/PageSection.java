// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AppSettings;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import java.util.List;
import java.util.Optional;

/** {@code page}: the call page. */
final class PageSection {

    static final SettingTable KEYS = new SettingTable();

    private static final SettingKey<String> KEY = KEYS.add(
            "page.key",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.NONE.development(ServerSettings.DEVELOPMENT_KEY),
            "The publishable key of the call page at `GET /`; without one there is no page. The key needs the"
                    + " channels `call-*` and all four actions.");

    private PageSection() {}

    /** The key of the page, which must be one of these apps. */
    static Optional<String> read(SectionValues values, List<AppSettings> apps) throws SettingException {
        Optional<String> key = values.find(KEY);
        if (key.isPresent()
                && apps.stream()
                        .flatMap(app -> app.publishableKeys().stream())
                        .noneMatch(publishable -> publishable.id().equals(key.get()))) {
            throw values.place(KEY).refused("must be the id of one of the publishable keys");
        }
        return key;
    }
}
