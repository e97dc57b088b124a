// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/**
 * How many peers fit into some channels.
 *
 * @param channels a pattern of channels
 * @param peers how many peers each of them takes
 */
public record RoomCapacity(String channels, int peers) {}
