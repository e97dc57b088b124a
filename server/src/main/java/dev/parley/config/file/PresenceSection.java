// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.PresenceSettings;
import java.time.Duration;

/** {@code presence}: how channels announce their members. */
final class PresenceSection {

    static final SettingTable KEYS = new SettingTable();

    private static final PresenceSettings DEFAULTS = PresenceSettings.defaults();

    private static final SettingKey<Duration> DELAY = KEYS.add(
            "presence.delay",
            ValueKinds.duration("0ms", "500ms"),
            DefaultValue.of(DEFAULTS.delay()),
            "The time from the acknowledgement of a subscription to the ping whose answer brings the roster; 0ms"
                    + " sends it at once.");

    private static final SettingKey<Duration> COALESCE = KEYS.add(
            "presence.coalesce",
            ValueKinds.duration("0ms", "1s"),
            DefaultValue.of(DEFAULTS.coalesce()),
            "How long changes of a channel of more than 8 peers, or of a restless one, may wait to be announced"
                    + " together, 20 times as long where there are very many; 0ms announces each at once.");

    private PresenceSection() {}

    static PresenceSettings read(SectionValues values) {
        return new PresenceSettings(values.get(DELAY), DEFAULTS.patience(), values.get(COALESCE));
    }
}
