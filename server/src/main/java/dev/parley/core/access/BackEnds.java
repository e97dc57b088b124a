// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import org.jspecify.annotations.Nullable;

/** Knows secret keys, and signs with them. Safe from any thread; must not block. */
public interface BackEnds {

    /** Whose id and secret these are, or null; unknown ones, false ones and those of disabled apps take as long. */
    @Nullable
    BackEnd authenticate(String id, String secret);

    /**
     * Returns why a credential with this id was refused, for the log alone: an unknown key id, a wrong secret, a
     * publishable key. Takes as long for each, and names none but configured keys.
     */
    String refusal(String id);

    /** A token with these terms, signed with the key of this back end; null if that was withdrawn meanwhile. */
    @Nullable
    String mint(BackEnd backEnd, TokenTerms terms);
}
