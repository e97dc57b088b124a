// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.HostPort;
import dev.parley.config.ListenerSettings;
import dev.parley.config.SettingException;
import java.util.Optional;

/** {@code listen}, {@code admin}: where the server is reached. */
final class ListenSection {

    static final SettingTable KEYS = new SettingTable();

    static final SettingKey<HostPort> LISTEN = KEYS.add(
            "listen",
            ValueKinds.ADDRESS,
            DefaultValue.of("localhost:" + ListenerSettings.LISTEN_PORT),
            "Where clients connect; `0.0.0.0` and `[::]` are every address of the machine, port 0 is any free one.");

    static final SettingKey<HostPort> ADMIN = KEYS.add(
            "admin",
            ValueKinds.ADDRESS,
            DefaultValue.of("127.0.0.1:" + ListenerSettings.ADMIN_PORT),
            "Where operators look; it asks for no credentials, so keep it where only they can reach it.");

    private ListenSection() {}

    /** Refuses the same address for both listeners. */
    static void check(SectionValues values) throws SettingException {
        Optional<HostPort> admin = values.find(ADMIN);
        if (admin.isPresent() && admin.get().port() != 0 && admin.equals(values.find(LISTEN))) {
            throw values.place(values.isWritten(ADMIN) ? ADMIN : LISTEN)
                    .refused("listen and admin are both " + admin.get() + ": each needs an address of its own");
        }
    }
}
