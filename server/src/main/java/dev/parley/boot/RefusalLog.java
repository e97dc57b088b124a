// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.core.port.PauseCause;
import dev.parley.core.port.ServerObserver;
import dev.parley.json.LogText;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which clients are refused or slowed down and why: at most one line a second for each code and each cause, so
 * that no client can fill the log and a flood of one kind hides no other.
 */
final class RefusalLog implements ServerObserver {

    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

    private final LongSupplier nanos;

    /** By code; the server has only so many codes. */
    private final Map<Integer, LinePace> refusals = new ConcurrentHashMap<>();

    private final Map<PauseCause, LinePace> pauses = new EnumMap<>(PauseCause.class);
    private final LinePace busy;
    private final LinePace shares;

    /** @param nanos a clock that does not go back */
    RefusalLog(LongSupplier nanos) {
        this.nanos = nanos;
        long now = nanos.getAsLong();
        this.busy = new LinePace(now);
        this.shares = new LinePace(now);
        for (PauseCause cause : PauseCause.values()) {
            pauses.put(cause, new LinePace(now));
        }
    }

    @Override
    public void refused(InetAddress client, int code, String reason, Supplier<String> about) {
        LinePace pace = refusals.computeIfAbsent(code, it -> new LinePace(nanos.getAsLong()));
        if (pace.tryConsume(nanos.getAsLong())) {
            log.warn(
                    "refused {} client={} {}: {}{}",
                    code == 0 ? "a socket" : code,
                    client.getHostAddress(),
                    about.get(),
                    reason,
                    pace.takeOmitted());
        }
    }

    @Override
    public void receiverBusy(String app, String peer) {
        if (busy.tryConsume(nanos.getAsLong())) {
            log.warn(
                    "receiver_busy app={} peer={}: the peer takes signals more slowly than they are sent to it{}",
                    app,
                    LogText.of(peer),
                    busy.takeOmitted());
        }
    }

    @Override
    public void storeShareUsedUp(String app) {
        if (shares.tryConsume(nanos.getAsLong())) {
            log.warn(
                    "unavailable app={}: it holds its share of the store of the cluster, in connections and"
                            + " subscriptions; give Redis more memory (maxmemory){}",
                    app,
                    shares.takeOmitted());
        }
    }

    @Override
    public void paused(PauseCause cause, String app, String peer, InetAddress client) {
        LinePace pace = Objects.requireNonNull(pauses.get(cause));
        if (pace.tryConsume(nanos.getAsLong())) {
            log.warn(
                    "paused limit={} app={} peer={} client={}: {}{}",
                    cause.word(),
                    app,
                    LogText.of(peer),
                    client.getHostAddress(),
                    reason(cause),
                    pace.takeOmitted());
        }
    }

    private static String reason(PauseCause cause) {
        return switch (cause) {
            case PEER -> "the peer sends more than limits.messagesPerSecond or limits.bytesPerSecond";
            case ADDRESS ->
                "clients of this address send more than limits.messagesPerSecondPerIp or limits.bytesPerSecondPerIp";
            case PING -> "the client sends more pings than it may";
            case CREDIT, TURN -> "signals of the client wait on busy loops";
        };
    }
}
