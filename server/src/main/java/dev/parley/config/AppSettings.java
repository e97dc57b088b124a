// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;

/**
 * A tenant: whoever comes with one of its keys sees its peers and channels only.
 *
 * @param id its name in logs and answers
 * @param isEnabled whether its keys are honoured
 * @param publishableKeys keys for pages
 * @param secretKeys keys for back ends
 * @param issuers identity providers whose tokens are believed
 * @param connections how many it may have at once; 0 for any number
 * @param capacity how many peers fit into its channels; the first pattern that matches counts
 * @param messagesPerPeriod how many messages it may send in a calendar month (UTC); 0 for any number
 */
public record AppSettings(
        String id,
        boolean isEnabled,
        List<PublishableKey> publishableKeys,
        List<SecretKey> secretKeys,
        List<TokenIssuer> issuers,
        int connections,
        List<Capacity> capacity,
        long messagesPerPeriod) {

    /** Keeps copies. */
    public AppSettings {
        publishableKeys = List.copyOf(publishableKeys);
        secretKeys = List.copyOf(secretKeys);
        issuers = List.copyOf(issuers);
        capacity = List.copyOf(capacity);
    }

    /** Without limits. */
    public static AppSettings of(String id, List<PublishableKey> publishableKeys, List<SecretKey> secretKeys) {
        return new AppSettings(id, true, publishableKeys, secretKeys, List.of(), 0, List.of(), 0);
    }
}
