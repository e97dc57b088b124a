// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import dev.parley.config.Action;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.ClientLimits;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import java.util.List;
import java.util.Set;

/** Two tenants, and one that is disabled. */
final class TestApps {

    /** Stands in every secret and in no answer. */
    static final String CANARY = "canary7f3a";

    static final int MAX_BODY = ClientLimits.defaults().request().bodyBytes();

    /** May do everything everywhere. */
    static final Key ACME = new Key("sk_id_acme", KeyRights.all());

    /** May do everything in channels of one kind. */
    static final Key ROOMS =
            new Key("sk_id_rooms", new KeyRights(List.of("room-*", "hall/**"), Set.of(Action.values())));

    /** May do nothing that needs a right. */
    static final Key MUTE = new Key("sk_id_mute", new KeyRights(List.of("**"), Set.of(Action.SUBSCRIBE)));

    /** The other tenant's. */
    static final Key RIVAL = new Key("sk_id_rival", KeyRights.all());

    /** Of the disabled tenant. */
    static final Key CLOSED = new Key("sk_id_closed", KeyRights.all());

    static final String PUBLISHABLE = "pk_live_acme";
    static final String RIVALS_PUBLISHABLE = "pk_live_rival";

    private TestApps() {}

    /** A secret key. */
    record Key(String id, KeyRights rights) {

        SecretKey settings() {
            return new SecretKey(id, new Secret(secret()), rights);
        }

        String secret() {
            return "sk_secret_" + CANARY + "_of_" + id + "_long_enough_to_sign_with";
        }

        String credential() {
            return id + ":" + secret();
        }
    }

    static AppSettings acme() {
        return acme(ACME, ROOMS, MUTE);
    }

    static AppSettings acme(Key... keys) {
        return AppSettings.of(
                "acme",
                List.of(new PublishableKey(PUBLISHABLE, KeyRights.all(), List.of())),
                List.of(keys).stream().map(Key::settings).toList());
    }

    static AppSettings rival() {
        return AppSettings.of(
                "rival",
                List.of(new PublishableKey(RIVALS_PUBLISHABLE, KeyRights.all(), List.of())),
                List.of(RIVAL.settings()));
    }

    static AppSettings closed() {
        AppSettings open = AppSettings.of("closed", List.of(), List.of(CLOSED.settings()));
        return new AppSettings(
                open.id(), false, open.publishableKeys(), open.secretKeys(), open.issuers(), open.limits());
    }

    /** The same tenant with this many messages a period. */
    static AppSettings withQuota(AppSettings app, long messages) {
        return new AppSettings(
                app.id(),
                app.isEnabled(),
                app.publishableKeys(),
                app.secretKeys(),
                app.issuers(),
                new AppLimits(
                        app.limits().connections(),
                        app.limits().patterns(),
                        app.limits().capacity(),
                        messages));
    }
}
