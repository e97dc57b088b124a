// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.IceServer;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code iceServers}: the ICE servers for clients. The list must be one that clients accept, since they refuse it as a
 * whole.
 */
final class IceServerSection {

    static final SettingTable KEYS = new SettingTable();

    private static final String ROWS = "iceServers";

    /** Clients accept no more. */
    private static final int MAX_SERVERS = 16;

    private static final SettingKey<List<String>> URLS = KEYS.add(
            "iceServers[].urls",
            new ListKind<>(ValueKinds.ICE_URL, 1, 16, "turn:turn.example.com:3478?transport=udp"),
            DefaultValue.REQUIRED,
            "Where the STUN or TURN server is.");

    private static final SettingKey<Secret> SECRET = KEYS.add(
            "iceServers[].secret",
            ValueKinds.SECRET,
            DefaultValue.NONE,
            "What the TURN server and Parley share, by which credentials are made that end by themselves.");

    private static final SettingKey<Secret> SECRET_FILE = KEYS.add(
            "iceServers[].secretFile",
            ValueKinds.SECRET_FILE,
            DefaultValue.NONE,
            "The file that holds it; this or `secret`.");

    private static final SettingKey<Duration> TTL = KEYS.add(
            "iceServers[].ttl",
            ValueKinds.duration("1m", "24h"),
            DefaultValue.of("1h"),
            "How long such credentials are good at least; with a token until the token ends, in the welcome of a"
                    + " publishable key for a day; never longer than 24h.");

    private static final SettingKey<String> USERNAME = KEYS.add(
            "iceServers[].username",
            ValueKinds.TEXT,
            DefaultValue.NONE,
            "A user name that is the same for everyone, instead of `secret`.");

    private static final SettingKey<Optional<Secret>> CREDENTIAL =
            KEYS.add("iceServers[].credential", ValueKinds.PASSWORD, DefaultValue.NONE, "Its password.");

    private IceServerSection() {}

    static List<IceServer> read(SectionValues values) throws SettingException {
        List<SectionValues> rows = values.rows(ROWS);
        if (rows.size() > MAX_SERVERS) {
            throw rows.get(MAX_SERVERS).place().refused("is one too many: clients take at most " + MAX_SERVERS);
        }
        List<IceServer> servers = new ArrayList<>();
        SettingFaults faults = new SettingFaults();
        for (SectionValues row : rows) {
            faults.check(() -> servers.add(new IceServer(row.get(URLS), access(row))));
        }
        faults.throwIfAny();
        return servers;
    }

    private static IceServer.Access access(SectionValues row) throws SettingException {
        Optional<Secret> secret = row.either(SECRET, SECRET_FILE);
        Optional<String> username = row.find(USERNAME);
        Optional<Secret> credential = row.find(CREDENTIAL).flatMap(given -> given);
        boolean isRelay = row.get(URLS).stream().anyMatch(url -> url.startsWith("turn"));
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
            return new IceServer.TimeLimited(secret.get(), row.get(TTL));
        }
        return username.isPresent()
                ? new IceServer.Fixed(username.get(), credential.orElseThrow())
                : new IceServer.Open();
    }
}
