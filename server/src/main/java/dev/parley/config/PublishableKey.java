// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.List;

/**
 * A key that pages may show to everyone: its id is the credential.
 *
 * @param id what clients bring
 * @param rights what it allows
 * @param origins the pages that may use it, as browsers write origins; empty or with "*" for any
 */
public record PublishableKey(String id, KeyRights rights, List<String> origins) {

    /** Keeps a copy. */
    public PublishableKey {
        origins = List.copyOf(origins);
    }
}
