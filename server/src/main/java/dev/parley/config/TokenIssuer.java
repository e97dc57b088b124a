// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.net.URI;

/**
 * An identity provider whose tokens are believed.
 *
 * @param issuer the {@code iss} of its tokens
 * @param url where its public keys are (RFC 7517)
 * @param audience what must be in the {@code aud} of its tokens
 * @param rights the most its tokens may do
 */
public record TokenIssuer(String issuer, URI url, String audience, KeyRights rights) {}
