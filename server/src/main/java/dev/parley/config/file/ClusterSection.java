// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.ClusterSettings;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** {@code cluster}: several servers as one. */
final class ClusterSection {

    static final SettingTable KEYS = new SettingTable();

    private static final SettingKey<String> REDIS = KEYS.add(
            "cluster.redis",
            ValueKinds.REDIS,
            DefaultValue.NONE,
            "Where the store is that all servers share; without it this server is alone.");

    private static final SettingKey<NamedContent<List<X509Certificate>>> AUTHORITIES = KEYS.add(
            "cluster.authorities",
            ValueKinds.AUTHORITIES,
            DefaultValue.NONE,
            "Certificates of the authorities that sign the certificate of the store, with `rediss://` (PEM); by default"
                    + " those that the JVM trusts.");

    private static final SettingKey<String> USER = KEYS.add(
            "cluster.user",
            ValueKinds.TEXT,
            DefaultValue.NONE,
            "The user of the store, if it has others than the default one.");

    static final SettingKey<Optional<Secret>> PASSWORD =
            KEYS.add("cluster.password", ValueKinds.PASSWORD, DefaultValue.NONE, "The password of that user.");

    static final SettingKey<Optional<Secret>> PASSWORD_FILE = KEYS.add(
            "cluster.passwordFile",
            ValueKinds.PASSWORD_FILE,
            DefaultValue.NONE,
            "The file that holds the password; this or `password`.");

    private static final SettingKey<String> NODE = KEYS.add(
            "cluster.node",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.NONE,
            "The name of this server in `/ready` and the log, where a random part follows that differs at each start;"
                    + " by default that of the machine.");

    private static final SettingKey<String> PREFIX = KEYS.add(
            "cluster.prefix",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.of(ClusterSettings.PREFIX),
            "What the names of all keys in the store begin with; the same for all servers.");

    private static final SettingKey<Integer> WAIT = KEYS.add(
            "cluster.wait",
            ValueKinds.count(0, 10),
            DefaultValue.of(0),
            "How many replicas of the store must have a decision before it is acknowledged.");

    private ClusterSection() {}

    static Optional<ClusterSettings> read(SectionValues values) throws SettingException {
        Optional<String> redis = values.find(REDIS);
        Optional<Secret> password = values.either(PASSWORD, PASSWORD_FILE).flatMap(given -> given);
        if (redis.isEmpty()) {
            for (SettingKey<?> key : List.of(AUTHORITIES, USER, PASSWORD, PASSWORD_FILE, NODE)) {
                if (values.isWritten(key)) {
                    throw values.place(key).refused("needs cluster.redis: the address of the store");
                }
            }
            return Optional.empty();
        }
        Optional<NamedContent<List<X509Certificate>>> authorities = values.find(AUTHORITIES);
        if (authorities.isPresent() && !redis.get().startsWith("rediss://")) {
            throw values.place(AUTHORITIES).refused("is only allowed with rediss:// in cluster.redis");
        }
        return Optional.of(new ClusterSettings(
                redis.get(),
                authorities.map(NamedContent::content).orElse(List.of()),
                values.find(USER),
                password,
                values.find(NODE),
                values.get(PREFIX),
                values.get(WAIT)));
    }
}
