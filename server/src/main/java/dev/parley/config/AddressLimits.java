// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/**
 * How much may come from one address, an IPv6 one with its /64; 0 for any number.
 *
 * @param messagesPerSecond messages all peers of one app may send together
 * @param bytesPerSecond bytes of messages they may send
 * @param connectsPerMinute WebSockets asked for
 * @param connections WebSockets open at once
 * @param failuresPerMinute bad credentials, before it is not listened to for a while
 * @param iceServersPerMinute lists of ICE servers asked for
 */
public record AddressLimits(
        int messagesPerSecond,
        int bytesPerSecond,
        int connectsPerMinute,
        int connections,
        int failuresPerMinute,
        int iceServersPerMinute) {

    /** Offices and campuses with one address are not limited in their number of clients. */
    public static AddressLimits defaults() {
        return new AddressLimits(10_000, 64 << 20, 0, 0, 60, 60);
    }

    /** Limits that refuse nothing. */
    public static AddressLimits none() {
        return new AddressLimits(0, 0, 0, 0, 0, 0);
    }
}
