// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/**
 * How much a peer may send over all its connections, and how many it may have.
 *
 * @param messagesPerSecond sustained
 * @param messagesBurst at once; joining a room of twenty takes hundreds
 * @param bytesPerSecond bytes of messages, sustained
 * @param bytesBurst bytes of messages at once
 * @param connections may share the id of the peer; each gets what is sent to the peer
 */
public record PeerLimits(
        int messagesPerSecond, int messagesBurst, int bytesPerSecond, int bytesBurst, int connections) {

    /** Returns limits that are higher than a call needs. */
    public static PeerLimits defaults() {
        return new PeerLimits(200, 1000, 8 << 20, 16 << 20, 100);
    }
}
