// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.IceServer;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the list of ICE servers of what was read; it must be one that clients take, since they refuse it as a whole.
 */
final class IceServerList {

    /** Clients take no more. */
    private static final int MAX_SERVERS = 16;

    private IceServerList() {}

    static List<IceServer> read(SectionValues values) throws SettingException {
        List<SectionValues> rows = values.rows(SettingCatalog.ICE_SERVERS);
        if (rows.size() > MAX_SERVERS) {
            throw rows.get(MAX_SERVERS).place().refused("is one too many: clients take at most " + MAX_SERVERS);
        }
        List<IceServer> servers = new ArrayList<>();
        SettingFaults faults = new SettingFaults();
        for (SectionValues row : rows) {
            faults.check(() -> servers.add(new IceServer(row.get(SettingCatalog.ICE_URLS), access(row))));
        }
        faults.throwIfAny();
        return servers;
    }

    private static IceServer.Access access(SectionValues row) throws SettingException {
        Optional<Secret> secret = row.either(SettingCatalog.ICE_SECRET, SettingCatalog.ICE_SECRET_FILE);
        Optional<String> username = row.find(SettingCatalog.ICE_USERNAME);
        Optional<Secret> credential = row.find(SettingCatalog.ICE_CREDENTIAL).flatMap(given -> given);
        boolean isRelay = row.get(SettingCatalog.ICE_URLS).stream().anyMatch(url -> url.startsWith("turn"));
        if (secret.isPresent() && (username.isPresent() || credential.isPresent())) {
            throw row.place().refused("either 'secret' or 'username' and 'credential' are allowed, not both");
        }
        if (username.isPresent() != credential.isPresent()) {
            throw row.place().refused("'username' and 'credential' must be given together");
        }
        if (isRelay && secret.isEmpty() && username.isEmpty()) {
            throw row.place()
                    .refused("a TURN server asks for credentials: give 'secret', or 'username' and 'credential'");
        }
        if (!isRelay && (secret.isPresent() || username.isPresent())) {
            throw row.place().refused("a STUN server asks for no credentials: leave them out");
        }
        if (secret.isPresent()) {
            return new IceServer.TimeLimited(secret.get(), row.get(SettingCatalog.ICE_TTL));
        }
        return username.isPresent()
                ? new IceServer.Fixed(username.get(), credential.orElseThrow())
                : new IceServer.Open();
    }
}
