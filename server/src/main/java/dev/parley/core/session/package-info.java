// SPDX-License-Identifier: Apache-2.0
/**
 * A client as core knows it, apart from the socket it happens to use.
 *
 * <p>Session knows nothing of rooms; a room tells a session what to say.
 */
@NullMarked
package dev.parley.core.session;

import org.jspecify.annotations.NullMarked;
