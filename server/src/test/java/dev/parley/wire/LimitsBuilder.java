// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.config.AddressLimits;
import dev.parley.config.ClientLimits;
import java.time.Duration;

/** The default limits with some changed, for tests that cannot wait as long as users can. */
public final class LimitsBuilder {

    private ClientLimits limits = ClientLimits.defaults();

    public LimitsBuilder messageTime(Duration time) {
        return message("time", time);
    }

    public LimitsBuilder admissionTime(Duration time) {
        return request("time", time);
    }

    public LimitsBuilder closeTime(Duration time) {
        return connection("closeTime", time);
    }

    public LimitsBuilder stallTime(Duration time) {
        return connection("stallTime", time);
    }

    public LimitsBuilder outboundBytes(int bytes) {
        return connection("outboundBytes", bytes);
    }

    public LimitsBuilder messagesPerSecond(int count) {
        return peer("messagesPerSecond", count)
                .messagesBurst(Math.max(count, limits.peer().messagesBurst()));
    }

    public LimitsBuilder messagesBurst(int count) {
        return peer("messagesBurst", count);
    }

    public LimitsBuilder bytesPerSecond(int bytes) {
        return peer("bytesPerSecond", bytes);
    }

    public LimitsBuilder bytesBurst(int bytes) {
        return peer("bytesBurst", bytes);
    }

    public LimitsBuilder connectionsPerPeer(int count) {
        return peer("connections", count);
    }

    public LimitsBuilder messagesPerSecondPerIp(int count) {
        return address("messagesPerSecond", count);
    }

    public LimitsBuilder bytesPerSecondPerIp(int bytes) {
        return address("bytesPerSecond", bytes);
    }

    public LimitsBuilder connectionsPerIp(int count) {
        return address("connections", count);
    }

    public LimitsBuilder connectsPerMinute(int count) {
        return address("connectsPerMinute", count);
    }

    public LimitsBuilder failuresPerMinute(int count) {
        return address("failuresPerMinute", count);
    }

    public LimitsBuilder iceServersPerMinute(int count) {
        return address("iceServersPerMinute", count);
    }

    /** What one secret key may ask of REST. */
    public LimitsBuilder rest(int perSecond, int burst) {
        limits = RecordCopy.with(limits, "request", limits.request().withRate(perSecond, burst));
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
        return limits;
    }

    public AddressLimits address() {
        return limits.address();
    }

    private LimitsBuilder message(String name, Object value) {
        limits = RecordCopy.with(limits, "message", RecordCopy.with(limits.message(), name, value));
        return this;
    }

    private LimitsBuilder peer(String name, Object value) {
        limits = RecordCopy.with(limits, "peer", RecordCopy.with(limits.peer(), name, value));
        return this;
    }

    private LimitsBuilder address(String name, Object value) {
        limits = RecordCopy.with(limits, "address", RecordCopy.with(limits.address(), name, value));
        return this;
    }

    private LimitsBuilder connection(String name, Object value) {
        limits = RecordCopy.with(limits, "connection", RecordCopy.with(limits.connection(), name, value));
        return this;
    }

    private LimitsBuilder request(String name, Object value) {
        limits = RecordCopy.with(limits, "request", RecordCopy.with(limits.request(), name, value));
        return this;
    }
}
