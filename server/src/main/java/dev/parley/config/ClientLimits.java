// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;

/**
 * What a client may ask of the server before it is refused. Sizes in bytes.
 *
 * @param messageBytes the largest {@code data} of a v1 message, as the welcome says; a larger one is refused
 * @param fragments frames one message may be split into
 * @param messagesPerSecond messages a peer may send over all its connections, sustained
 * @param messagesBurst messages a peer may send at once; joining a room of twenty takes hundreds
 * @param bytesPerSecond bytes of messages a peer may send over all its connections, sustained
 * @param bytesBurst bytes of messages a peer may send at once
 * @param messagesPerSecondPerIp messages all peers of one app at one address may send, an IPv6 one with its /64; 0 for
 *     any number
 * @param bytesPerSecondPerIp bytes of messages they may send; 0 for any number
 * @param channels channels one connection may hold
 * @param connectionsPerPeer connections that may share one peer id; each gets what is sent to the peer
 * @param messageTime from the first byte of a message to its last
 * @param controlFramesPerSecond pings and pongs a client may send, sustained
 * @param controlFramesBurst pings and pongs a client may send at once
 * @param outboundBytes what may wait for a client that does not read
 * @param admissionTime from accepting a socket to admitting its client; also the time one HTTP request may take
 * @param closeTime from the server's Close frame to the end of the socket
 * @param headerBytes the size of an HTTP request line, and of all header fields together
 * @param bodyBytes the size of the body of a REST request
 * @param restPerSecond REST requests each secret key may make, sustained; 0 for any number
 * @param restBurst REST requests each secret key may make at once
 * @param connectsPerMinute WebSockets one address may ask for in a minute, an IPv6 one by its /64; 0 for any number
 * @param connectionsPerIp WebSockets one address may have open, an IPv6 one with its /64; 0 for any number
 * @param failuresPerMinute bad credentials one address may bring in a minute before it is not listened to for a while,
 *     an IPv6 one by its /64; 0 for any number
 * @param iceServersPerMinute lists of ICE servers one address may ask for in a minute, an IPv6 one by its /64; 0 for
 *     any number
 * @param stallTime how long a client may take nothing of the data that waits for it
 */
public record ClientLimits(
        int messageBytes,
        int fragments,
        int messagesPerSecond,
        int messagesBurst,
        int bytesPerSecond,
        int bytesBurst,
        int messagesPerSecondPerIp,
        int bytesPerSecondPerIp,
        int channels,
        int connectionsPerPeer,
        Duration messageTime,
        int controlFramesPerSecond,
        int controlFramesBurst,
        int outboundBytes,
        Duration admissionTime,
        Duration closeTime,
        int headerBytes,
        int bodyBytes,
        int restPerSecond,
        int restBurst,
        int connectsPerMinute,
        int connectionsPerIp,
        int failuresPerMinute,
        int iceServersPerMinute,
        Duration stallTime) {

    /** Room for what a client wraps around a message of {@link #messageBytes}: names, ids, quotes. */
    private static final int ENVELOPE_BYTES = 4096;

    /** The limits used when nothing else is configured. */
    public static ClientLimits defaults() {
        return new ClientLimits(
                65_536,
                64,
                200,
                1000,
                8 << 20,
                16 << 20,
                10_000,
                64 << 20,
                100,
                100,
                Duration.ofSeconds(10),
                10,
                100,
                1 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                65_536,
                32 << 10,
                200,
                1000,
                0,
                0,
                60,
                60,
                Duration.ofSeconds(10));
    }

    /** The largest message, with everything around its {@code data}; a larger one closes the connection with 1009. */
    public int inboundBytes() {
        return messageBytes + ENVELOPE_BYTES;
    }
}
