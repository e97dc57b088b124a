// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.DrainSettings;
import dev.parley.config.SettingException;
import java.time.Duration;

/** {@code drain}: how the server stops. */
final class DrainSection {

    static final SettingTable KEYS = new SettingTable();

    private static final DrainSettings DEFAULTS = DrainSettings.defaults();

    private static final SettingKey<Duration> SPREAD = KEYS.add(
            "drain.spread",
            ValueKinds.duration("0s", "1h"),
            DefaultValue.of(DEFAULTS.spread()),
            "Over how long a stopping server closes its connections at most.");

    private static final SettingKey<Duration> TIMEOUT = KEYS.add(
            "drain.timeout",
            ValueKinds.duration("0s", "1h"),
            DefaultValue.of(DEFAULTS.timeout()),
            "When a stopping server stops waiting for clients to go; not less than `drain.spread`.");

    private DrainSection() {}

    static DrainSettings read(SectionValues values) throws SettingException {
        DrainSettings drain = new DrainSettings(values.get(SPREAD), values.get(TIMEOUT));
        if (drain.timeout().compareTo(drain.spread()) < 0) {
            boolean isSpread = values.isWritten(SPREAD) && !values.isWritten(TIMEOUT);
            throw values.place(isSpread ? SPREAD : TIMEOUT)
                    .refused("drain.timeout must not be less than drain.spread, and is "
                            + drain.timeout().toMillis() + "ms, less than "
                            + drain.spread().toMillis() + "ms");
        }
        return drain;
    }
}
