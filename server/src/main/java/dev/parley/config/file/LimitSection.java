// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AddressLimits;
import dev.parley.config.ClientLimits;
import dev.parley.config.ConnectionLimits;
import dev.parley.config.MessageLimits;
import dev.parley.config.PeerLimits;
import dev.parley.config.RequestLimits;
import dev.parley.config.SettingException;
import java.util.Optional;

/** {@code limits}: what clients may ask for. */
final class LimitSection {

    static final SettingTable KEYS = new SettingTable();

    /** Which limits count where none are written. */
    private enum Profile {
        /** Limits for trusted clients. */
        DEFAULT,
        /** Limits for pages that everyone can open. */
        STRICT
    }

    private static final ClientLimits DEFAULTS = ClientLimits.defaults();
    private static final int MANY = 1_000_000;

    /** Messages of the largest size that may wait for a client at the least. */
    private static final int MESSAGES_WAITING = 4;

    private static final SettingKey<Profile> PROFILE = KEYS.add(
            "limits.profile",
            ValueKinds.choice(Profile.values()),
            DefaultValue.of("default"),
            "Which limits count where none are written; `strict` is for pages anyone can open.");

    private static final SettingKey<Integer> MESSAGE_BYTES = KEYS.add(
            "limits.messageBytes",
            ValueKinds.size("1KiB", "1MiB"),
            DefaultValue.ofBytes(DEFAULTS.message().dataBytes()),
            "Largest `data` of a v1 message, as the welcome says; a message may have 4,096 bytes more around it.");

    private static final SettingKey<Integer> MESSAGES_PER_SECOND = KEYS.add(
            "limits.messagesPerSecond",
            ValueKinds.count(1, MANY),
            DefaultValue.of(DEFAULTS.peer().messagesPerSecond()).strict("100"),
            "How many messages a peer may send over all its connections, sustained.");

    private static final SettingKey<Integer> BURST = KEYS.add(
            "limits.burst",
            ValueKinds.count(1, MANY),
            DefaultValue.of(DEFAULTS.peer().messagesBurst()).strict("200"),
            "How many messages a peer may send at once.");

    private static final SettingKey<Integer> BYTES_PER_SECOND = KEYS.add(
            "limits.bytesPerSecond",
            ValueKinds.size("1KiB", "1024MiB"),
            DefaultValue.ofBytes(DEFAULTS.peer().bytesPerSecond()).strict("1MiB"),
            "How many bytes of messages a peer may send over all its connections, sustained.");

    private static final SettingKey<Integer> BYTES_BURST = KEYS.add(
            "limits.bytesBurst",
            ValueKinds.size("8KiB", "1024MiB"),
            DefaultValue.ofBytes(DEFAULTS.peer().bytesBurst()).strict("4MiB"),
            "How many bytes of messages a peer may send at once; not less than one message.");

    private static final SettingKey<Integer> MESSAGES_PER_SECOND_PER_IP = KEYS.add(
            "limits.messagesPerSecondPerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of(DEFAULTS.address().messagesPerSecond()).strict("2000"),
            "How many messages clients of one app at one address (IPv6: one /64) may send together, sustained; 0"
                    + " is any number.");

    private static final SettingKey<Integer> BYTES_PER_SECOND_PER_IP = KEYS.add(
            "limits.bytesPerSecondPerIp",
            ValueKinds.size("0", "1024MiB"),
            DefaultValue.ofBytes(DEFAULTS.address().bytesPerSecond()).strict("16MiB"),
            "How many bytes of messages clients of one app at one address (IPv6: one /64) may send together,"
                    + " sustained; 0 is any number.");

    private static final SettingKey<Integer> CHANNELS = KEYS.add(
            "limits.channelsPerConnection",
            ValueKinds.count(1, 10_000),
            DefaultValue.of(DEFAULTS.connection().channels()),
            "How many channels one connection may hold.");

    private static final SettingKey<Integer> CONNECTIONS_PER_PEER = KEYS.add(
            "limits.connectionsPerPeer",
            ValueKinds.count(1, MANY),
            DefaultValue.of(DEFAULTS.peer().connections()),
            "How many connections may share one peer id; each gets what is sent to the peer.");

    private static final SettingKey<Integer> CONNECTS_PER_MINUTE = KEYS.add(
            "limits.connectsPerMinutePerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of(DEFAULTS.address().connectsPerMinute()).strict("60"),
            "How many WebSockets one address (IPv6: one /64) may ask for in a minute; 0 is any number.");

    private static final SettingKey<Integer> CONNECTIONS_PER_IP = KEYS.add(
            "limits.connectionsPerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of(DEFAULTS.address().connections()).strict("1000"),
            "How many WebSockets one address (IPv6: one /64) may have open; 0 is any number.");

    private static final SettingKey<Integer> FAILURES_PER_MINUTE = KEYS.add(
            "limits.failuresPerMinutePerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of(DEFAULTS.address().failuresPerMinute()),
            "How many bad credentials one address (IPv6: one /64) may bring in a minute; 0 is any number.");

    private static final SettingKey<Integer> ICE_SERVERS_PER_MINUTE = KEYS.add(
            "limits.iceServersPerMinutePerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of(DEFAULTS.address().iceServersPerMinute()),
            "How many lists of ICE servers clients of one address (IPv6: one /64) may ask for in a minute by"
                    + " HTTP; 0 is any number.");

    private static final SettingKey<Integer> REST_PER_SECOND = KEYS.add(
            "limits.restPerSecond",
            ValueKinds.count(0, MANY),
            DefaultValue.of(DEFAULTS.request().perSecond()),
            "How many REST requests each secret key may make in a second, sustained; 0 is any number.");

    private static final SettingKey<Integer> REST_BURST = KEYS.add(
            "limits.restBurst",
            ValueKinds.count(1, MANY),
            DefaultValue.of(DEFAULTS.request().burst()),
            "How many REST requests each secret key may make at once.");

    private LimitSection() {}

    /** Whether the limits are those for pages anyone can open, where none are written. */
    static boolean isStrict(SectionValues values) {
        return values.find(PROFILE).equals(Optional.of(Profile.STRICT));
    }

    static ClientLimits read(SectionValues values) throws SettingException {
        MessageLimits message = new MessageLimits(
                values.get(MESSAGE_BYTES),
                DEFAULTS.message().fragments(),
                DEFAULTS.message().time());
        PeerLimits peer = new PeerLimits(
                values.get(MESSAGES_PER_SECOND),
                values.get(BURST),
                values.get(BYTES_PER_SECOND),
                values.get(BYTES_BURST),
                values.get(CONNECTIONS_PER_PEER));
        AddressLimits address = new AddressLimits(
                values.get(MESSAGES_PER_SECOND_PER_IP),
                values.get(BYTES_PER_SECOND_PER_IP),
                values.get(CONNECTS_PER_MINUTE),
                values.get(CONNECTIONS_PER_IP),
                values.get(FAILURES_PER_MINUTE),
                values.get(ICE_SERVERS_PER_MINUTE));
        ConnectionLimits connection =
                DEFAULTS.connection().with(values.get(CHANNELS), MESSAGES_WAITING * message.dataBytes());
        RequestLimits request = DEFAULTS.request().withRate(values.get(REST_PER_SECOND), values.get(REST_BURST));
        if (peer.bytesBurst() < message.wholeBytes()) {
            boolean isMessage = values.isWritten(MESSAGE_BYTES) && !values.isWritten(BYTES_BURST);
            throw values.place(isMessage ? MESSAGE_BYTES : BYTES_BURST)
                    .refused((isMessage ? "limits.bytesBurst " : "")
                            + "must hold one message of limits.messageBytes and 4096 bytes around it, and is "
                            + peer.bytesBurst() + ", less than " + message.wholeBytes());
        }
        return new ClientLimits(message, peer, address, connection, request);
    }
}
