// SPDX-License-Identifier: Apache-2.0
/**
 * A client of Parley for bots and tests. It speaks {@code parley.v1} (docs/continuity.md) and, with a server that does
 * not, {@code v1} (docs/protocol.md).
 *
 * <p>All state of one client is behind its {@link dev.parley.client.ClientLock}; the application learns of it through
 * its {@link dev.parley.client.ListenerMailbox}, outside of that. No client has a thread while nothing happens.
 */
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
