// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.KeepaliveSettings;
import java.time.Duration;

/** {@code keepalive}: how a dead client is noticed. */
final class KeepaliveSection {

    static final SettingTable KEYS = new SettingTable();

    private static final KeepaliveSettings DEFAULTS = KeepaliveSettings.defaults();

    private static final SettingKey<Duration> PING = KEYS.add(
            "keepalive.ping",
            ValueKinds.duration("100ms", "1h"),
            DefaultValue.of(DEFAULTS.ping()),
            "The time between pings.");

    private static final SettingKey<Duration> TIMEOUT = KEYS.add(
            "keepalive.timeout",
            ValueKinds.duration("100ms", "1h"),
            DefaultValue.of(DEFAULTS.timeout()),
            "How long the answer to a ping may take.");

    private KeepaliveSection() {}

    static KeepaliveSettings read(SectionValues values) {
        return new KeepaliveSettings(values.get(PING), values.get(TIMEOUT));
    }
}
