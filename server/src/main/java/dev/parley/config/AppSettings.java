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
 * @param limits how much of everything it may have
 */
public record AppSettings(
        String id,
        boolean isEnabled,
        List<PublishableKey> publishableKeys,
        List<SecretKey> secretKeys,
        List<TokenIssuer> issuers,
        AppLimits limits) {

    /** Keeps copies. */
    public AppSettings {
        publishableKeys = List.copyOf(publishableKeys);
        secretKeys = List.copyOf(secretKeys);
        issuers = List.copyOf(issuers);
    }

    /** Settings with the default limits. */
    public static AppSettings of(String id, List<PublishableKey> publishableKeys, List<SecretKey> secretKeys) {
        return new AppSettings(id, true, publishableKeys, secretKeys, List.of(), AppLimits.defaults());
    }
}
