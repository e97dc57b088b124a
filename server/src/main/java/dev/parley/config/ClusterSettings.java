// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * How this server and others are one.
 *
 * @param redis where the store is: {@code redis://}, {@code rediss://} or {@code redis-sentinel://}, without a password
 * @param authorities sign its certificate; empty for those that the JVM trusts
 * @param user of the store; empty for its default user
 * @param password of the store, if it asks for one
 * @param node the name of this server among the others, for people; empty for that of the machine
 * @param prefix the beginning of the names of all keys
 * @param replicas how many replicas of Redis must have a decision before it is acknowledged
 */
public record ClusterSettings(
        String redis,
        List<X509Certificate> authorities,
        Optional<String> user,
        Optional<Secret> password,
        Optional<String> node,
        String prefix,
        int replicas) {

    /** The prefix where none is configured. */
    public static final String PREFIX = "parley";

    /** Keeps a copy. */
    public ClusterSettings {
        authorities = List.copyOf(authorities);
    }
}
