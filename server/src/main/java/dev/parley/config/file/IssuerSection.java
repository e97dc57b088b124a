// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import dev.parley.config.TokenIssuer;
import java.net.URI;
import java.util.List;

/** {@code apps[].jwks}: identity providers whose tokens are accepted. */
final class IssuerSection {

    static final SettingTable KEYS = new SettingTable();

    /** The name of the list. */
    static final String ROWS = "jwks";

    private static final SettingKey<String> ISSUER = KEYS.add(
            "apps[].jwks[].issuer",
            ValueKinds.TEXT,
            DefaultValue.REQUIRED,
            "The `iss` of the identity provider's tokens.");

    private static final SettingKey<URI> URL = KEYS.add(
            "apps[].jwks[].url", ValueKinds.URL, DefaultValue.REQUIRED, "Where its public keys are (RFC 7517).");

    private static final SettingKey<String> AUDIENCE = KEYS.add(
            "apps[].jwks[].audience",
            ValueKinds.TEXT,
            DefaultValue.REQUIRED,
            "What must be in the `aud` of its tokens.");

    private static final RightsKeys RIGHTS = RightsKeys.ofTokens(KEYS, "apps[].jwks[]");

    private IssuerSection() {}

    static TokenIssuer read(SectionValues row, UniqueIds<List<String>> issuers) throws SettingException {
        String issuer = row.get(ISSUER);
        String audience = row.get(AUDIENCE);
        issuers.add(List.of(issuer, audience), row.place(ISSUER));
        return new TokenIssuer(issuer, row.get(URL), audience, RIGHTS.read(row));
    }
}
