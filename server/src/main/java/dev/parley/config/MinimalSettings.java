// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;
import java.util.Optional;

/**
 * The clients that may use the minimal protocol, which has no credentials of its own.
 *
 * @param isEnabled whether it is served at all
 * @param origins the pages that may use it, as browsers write origins; empty or with "*" for any
 * @param key what {@code ?key=} must say, if anything
 */
public record MinimalSettings(boolean isEnabled, List<String> origins, Optional<Secret> key) {

    /** Keeps a copy. */
    public MinimalSettings {
        origins = List.copyOf(origins);
    }

    /** Whether whoever says it comes from there may use it: a browser says so once, other programs not at all. */
    public boolean allows(List<String> visitorOrigins) {
        return OriginRules.allow(origins, visitorOrigins);
    }

    /** Returns settings under which everyone may connect. */
    public static MinimalSettings open() {
        return new MinimalSettings(true, List.of(), Optional.empty());
    }

    /** Returns settings that switch the protocol off. */
    public static MinimalSettings off() {
        return new MinimalSettings(false, List.of(), Optional.empty());
    }
}
