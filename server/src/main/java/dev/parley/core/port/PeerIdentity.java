// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import org.jspecify.annotations.Nullable;

/**
 * A client as others see it.
 *
 * @param id what others address it by; several connections may share it
 * @param metadata what it shows of itself to others, as the text of a JSON object
 */
public record PeerIdentity(String id, @Nullable String metadata) {}
