// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.Limits;
import java.time.Duration;

/** The default limits with some changed, for tests that cannot wait as long as users can. */
public final class LimitsBuilder {

    private Duration messageTime = Limits.defaults().messageTime();
    private Duration admissionTime = Limits.defaults().admissionTime();
    private Duration closeTime = Limits.defaults().closeTime();
    private int outboundBytes = Limits.defaults().outboundBytes();
    private int iceServersPerMinute = Limits.defaults().iceServersPerMinute();
    private Duration stallTime = Limits.defaults().stallTime();
    private int connectionsPerIp = Limits.defaults().connectionsPerIp();
    private int connectionsPerPeer = Limits.defaults().connectionsPerPeer();
    private int messagesPerSecond = Limits.defaults().messagesPerSecond();
    private int messagesBurst = Limits.defaults().messagesBurst();
    private int bytesPerSecond = Limits.defaults().bytesPerSecond();
    private int bytesBurst = Limits.defaults().bytesBurst();
    private int messagesPerSecondPerIp = Limits.defaults().messagesPerSecondPerIp();
    private int bytesPerSecondPerIp = Limits.defaults().bytesPerSecondPerIp();
    private int connectsPerMinute = Limits.defaults().connectsPerMinute();
    private int failuresPerMinute = Limits.defaults().failuresPerMinute();
    private int restPerSecond = Limits.defaults().restPerSecond();
    private int restBurst = Limits.defaults().restBurst();

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

    public Limits build() {
        Limits defaults = Limits.defaults();
        return new Limits(
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
