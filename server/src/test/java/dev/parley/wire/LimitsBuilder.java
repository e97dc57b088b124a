// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.ClientLimits;
import java.time.Duration;

/** The default limits with some changed, for tests that cannot wait as long as users can. */
public final class LimitsBuilder {

    private Duration messageTime = ClientLimits.defaults().messageTime();
    private Duration admissionTime = ClientLimits.defaults().admissionTime();
    private Duration closeTime = ClientLimits.defaults().closeTime();
    private int outboundBytes = ClientLimits.defaults().outboundBytes();
    private int iceServersPerMinute = ClientLimits.defaults().iceServersPerMinute();
    private Duration stallTime = ClientLimits.defaults().stallTime();
    private int connectionsPerIp = ClientLimits.defaults().connectionsPerIp();
    private int connectionsPerPeer = ClientLimits.defaults().connectionsPerPeer();
    private int messagesPerSecond = ClientLimits.defaults().messagesPerSecond();
    private int messagesBurst = ClientLimits.defaults().messagesBurst();
    private int bytesPerSecond = ClientLimits.defaults().bytesPerSecond();
    private int bytesBurst = ClientLimits.defaults().bytesBurst();
    private int messagesPerSecondPerIp = ClientLimits.defaults().messagesPerSecondPerIp();
    private int bytesPerSecondPerIp = ClientLimits.defaults().bytesPerSecondPerIp();
    private int connectsPerMinute = ClientLimits.defaults().connectsPerMinute();
    private int failuresPerMinute = ClientLimits.defaults().failuresPerMinute();
    private int restPerSecond = ClientLimits.defaults().restPerSecond();
    private int restBurst = ClientLimits.defaults().restBurst();

    public LimitsBuilder messageTime(Duration time) {
        messageTime = time;
        return this;
    }

    public LimitsBuilder admissionTime(Duration time) {
        admissionTime = time;
        return this;
    }

    public LimitsBuilder closeTime(Duration time) {
        closeTime = time;
        return this;
    }

    public LimitsBuilder outboundBytes(int bytes) {
        outboundBytes = bytes;
        return this;
    }

    public LimitsBuilder iceServersPerMinute(int count) {
        iceServersPerMinute = count;
        return this;
    }

    public LimitsBuilder connectionsPerIp(int count) {
        connectionsPerIp = count;
        return this;
    }

    public LimitsBuilder connectionsPerPeer(int count) {
        connectionsPerPeer = count;
        return this;
    }

    public LimitsBuilder messagesBurst(int count) {
        messagesBurst = count;
        return this;
    }

    public LimitsBuilder messagesPerSecond(int count) {
        messagesPerSecond = count;
        return this;
    }

    public LimitsBuilder bytesPerSecond(int bytes) {
        bytesPerSecond = bytes;
        return this;
    }

    public LimitsBuilder bytesBurst(int bytes) {
        bytesBurst = bytes;
        return this;
    }

    public LimitsBuilder messagesPerSecondPerIp(int count) {
        messagesPerSecondPerIp = count;
        return this;
    }

    public LimitsBuilder bytesPerSecondPerIp(int bytes) {
        bytesPerSecondPerIp = bytes;
        return this;
    }

    public LimitsBuilder connectsPerMinute(int count) {
        connectsPerMinute = count;
        return this;
    }

    public LimitsBuilder failuresPerMinute(int count) {
        failuresPerMinute = count;
        return this;
    }

    public LimitsBuilder stallTime(Duration time) {
        stallTime = time;
        return this;
    }

    /** What one secret key may ask of REST. */
    public LimitsBuilder rest(int perSecond, int burst) {
        restPerSecond = perSecond;
        restBurst = burst;
        return this;
    }

    /** For tests that send more in a short time than any client may. */
    public LimitsBuilder unpaced() {
        return messagesPerSecond(1_000_000)
                .messagesBurst(1_000_000)
                .bytesPerSecond(1 << 30)
                .bytesBurst(1 << 30)
                .messagesPerSecondPerIp(0)
                .bytesPerSecondPerIp(0);
    }

    public ClientLimits build() {
        ClientLimits defaults = ClientLimits.defaults();
        return new ClientLimits(
                defaults.messageBytes(),
                defaults.fragments(),
                messagesPerSecond,
                Math.max(messagesPerSecond, messagesBurst),
                bytesPerSecond,
                bytesBurst,
                messagesPerSecondPerIp,
                bytesPerSecondPerIp,
                defaults.channels(),
                connectionsPerPeer,
                messageTime,
                defaults.controlFramesPerSecond(),
                defaults.controlFramesBurst(),
                outboundBytes,
                admissionTime,
                closeTime,
                defaults.headerBytes(),
                defaults.bodyBytes(),
                restPerSecond,
                restBurst,
                connectsPerMinute,
                connectionsPerIp,
                failuresPerMinute,
                iceServersPerMinute,
                stallTime);
    }
}
