// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.util.List;
import java.util.stream.Stream;

/** Everything that can be set, section by section, in the order of the documentation. */
final class SettingCatalog {

    private static final List<SettingKey<?>> TABLE = Stream.of(
                    ListenSection.KEYS,
                    TlsSection.KEYS,
                    AppSection.KEYS,
                    MinimalSection.KEYS,
                    PageSection.KEYS,
                    AdmissionSection.KEYS,
                    ProxySection.KEYS,
                    IceServerSection.KEYS,
                    LimitSection.KEYS,
                    KeepaliveSection.KEYS,
                    PresenceSection.KEYS,
                    DrainSection.KEYS,
                    ContinuitySection.KEYS,
                    LogSection.KEYS,
                    ClusterSection.KEYS)
            .<SettingKey<?>>flatMap(section -> section.keys().stream())
            .toList();

    static final SectionShape.Section SHAPE = SectionShape.of(TABLE);

    private SettingCatalog() {}

    /** Returns all settings. */
    static List<SettingKey<?>> table() {
        return TABLE;
    }
}
