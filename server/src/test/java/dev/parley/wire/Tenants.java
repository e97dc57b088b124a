// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.Action;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.TokenIssuer;
import java.util.EnumSet;
import java.util.List;

/**
 * Two apps with all that can be configured, and a third that is disabled. The first app believes an issuer and a broken
 * one; the second believes the first issuer too, for other audiences, and another issuer whose key ids are the same.
 */
final class Tenants implements AutoCloseable {

    static final String ISSUER = "https://id.example.com";
    static final String SAME_IDS = "https://other.example.com";
    static final String BROKEN = "https://broken.example.com";

    final SecretKey key = secretKey("sk_id_one", "0", "**");
    final SecretKey narrow = secretKey("sk_id_narrow", "1", "y*");
    final SecretKey foreign = secretKey("sk_id_two", "2", "**");
    final SecretKey suspended = secretKey("sk_id_off", "3", "**");

    final IssuerKey rsa = IssuerKey.rsa("rsa-1", 2048);
    final IssuerKey otherRsa = IssuerKey.rsa("rsa-2", 2048);
    final IssuerKey ec = IssuerKey.ec("ec-1");
    final IssuerKey ed = IssuerKey.ed25519("ed-1");
    final IssuerKey sameId = IssuerKey.rsa("rsa-1", 2048);

    final FakeIssuer issuer = FakeIssuer.of(rsa, otherRsa, ec, ed);
    final FakeIssuer issuerOfSameIds = FakeIssuer.of(sameId);
    final FakeIssuer broken = new FakeIssuer();

    ServerSettings settings() {
        return builder().build();
    }

    /** Bad credentials are not counted: tests bring many. */
    SettingsBuilder builder() {
        return with(key, narrow);
    }

    /** When the narrow key was taken out. */
    ServerSettings withoutNarrow() {
        return with(key).build();
    }

    private SettingsBuilder with(SecretKey... keysOfOne) {
        AppSettings one =
                app("one", true, List.of(keysOfOne), List.of(issuer.as(ISSUER, "parley"), broken.as(BROKEN, "parley")));
        AppSettings two = app(
                "two", true, List.of(foreign), List.of(issuer.as(ISSUER, "two"), issuerOfSameIds.as(SAME_IDS, "two")));
        AppSettings off = app("off", false, List.of(suspended), List.of());
        return new SettingsBuilder()
                .apps(one, two, off)
                .limits(new LimitsBuilder().failuresPerMinute(0).build());
    }

    /** The claims of a token of the issuer for the first app. */
    static JsonText claims(String peerId) {
        return Forge.claims(peerId).with("iss", Forge.quote(ISSUER)).with("aud", "\"parley\"");
    }

    private static AppSettings app(String id, boolean isEnabled, List<SecretKey> keys, List<TokenIssuer> issuers) {
        PublishableKey publishable = new PublishableKey("pk_live_" + id, KeyRights.all(), List.of());
        return new AppSettings(id, isEnabled, List.of(publishable), keys, issuers, AppLimits.defaults());
    }

    private static SecretKey secretKey(String id, String digit, String channels) {
        KeyRights rights = new KeyRights(List.of(channels), EnumSet.allOf(Action.class));
        return new SecretKey(id, new Secret("sk_secret_" + digit.repeat(64)), rights);
    }

    @Override
    public void close() {
        issuer.close();
        issuerOfSameIds.close();
        broken.close();
    }
}
