// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.session.Session;

/**
 * A client whose share of the patterns of an app a pattern takes.
 *
 * @param group what clients at one address have in common, compared by {@code equals}
 * @param peer its peer id
 */
record PatternOwner(Object group, String peer) {

    static PatternOwner of(Session session) {
        return new PatternOwner(session.group(), session.peer().id());
    }
}
