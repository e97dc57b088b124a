// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

/**
 * Whose signal it is, for the queue of a receiver that cannot take it yet.
 *
 * @param group what senders of one key and address have in common; compared by {@code equals}
 * @param peer the sender's peer id
 */
record SignalSender(Object group, String peer) {}
