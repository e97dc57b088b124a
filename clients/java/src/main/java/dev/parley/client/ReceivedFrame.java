// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/**
 * A frame of the server, its number and its size.
 *
 * @param sequence 0 if it has none
 * @param chars length of its text
 */
record ReceivedFrame(long sequence, ServerFrame frame, int chars) {}
