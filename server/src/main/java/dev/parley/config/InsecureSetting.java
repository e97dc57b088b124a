// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Settings that are convenient and not safe everywhere. Each is logged at the start, and counted in a metric. */
public enum InsecureSetting {
    /** Every user of this machine may do everything. */
    DEVELOPMENT_MODE("development mode: whoever is on this machine may do everything"),
    /** A publishable key may be used by every page. */
    KEY_OF_ANY_ORIGIN("a publishable key may be used by every page: give it 'origins'"),
    /** The minimal protocol is open to every page, without a key. */
    OPEN_MINIMAL("minimal.origins: every page may use the minimal protocol, as there is no minimal.key"),
    /** Every client may claim any address. */
    ANYONE_IS_A_PROXY("proxies: a range of all addresses lets everyone claim to be anyone");

    private final String sentence;

    InsecureSetting(String sentence) {
        this.sentence = sentence;
    }

    /** Returns the name in metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the warning for operators. */
    public String sentence() {
        return sentence;
    }

    /** Returns the insecure settings among these settings. */
    public static List<InsecureSetting> of(ServerSettings settings) {
        List<InsecureSetting> found = new ArrayList<>();
        boolean isDevelopment = settings.mode() == ServerSettings.Mode.DEVELOPMENT;
        MinimalSettings minimal = settings.services().minimal();
        if (isDevelopment) {
            found.add(DEVELOPMENT_MODE);
        }
        if (!isDevelopment
                && settings.apps().stream()
                        .filter(AppSettings::isEnabled)
                        .flatMap(app -> app.publishableKeys().stream())
                        .anyMatch(key -> OriginRules.areAny(key.origins()))) {
            found.add(KEY_OF_ANY_ORIGIN);
        }
        if (!isDevelopment && minimal.isEnabled() && minimal.key().isEmpty() && OriginRules.areAny(minimal.origins())) {
            found.add(OPEN_MINIMAL);
        }
        if (settings.listeners().proxies().areEveryone()) {
            found.add(ANYONE_IS_A_PROXY);
        }
        return List.copyOf(found);
    }
}
