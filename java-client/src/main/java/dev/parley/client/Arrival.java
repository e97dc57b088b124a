// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/**
 * A frame of the server and its number.
 *
 * @param sequence 0 if it has none
 */
record Arrival(long sequence, ServerFrame frame) {}
