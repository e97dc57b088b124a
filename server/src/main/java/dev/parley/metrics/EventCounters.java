// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.EventCounter;
import dev.parley.core.port.PauseCause;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.UndeliveredReason;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts what happens, and remembers only the counts. Any thread. */
public final class EventCounters implements ServerObserver {

    private static final String SOCKET = "socket";
    private static final String WELL = "well";
    private static final String FAILED = "failed";

    private final Map<MetricName, Map<List<String>, LongAdder>> counters = new ConcurrentHashMap<>();

    /** The latest figures of the store; empty without one. */
    private final Map<MetricName, Long> gauges = new ConcurrentHashMap<>();

    /** How long the store took to reply, by call. */
    private final Map<String, TimeCounts> times = new ConcurrentHashMap<>();

    /** Found without garbage: a busy server pauses readers often. */
    private final Map<PauseCause, LongAdder> pauses = new EnumMap<>(PauseCause.class);

    /** Counters that start at 0. */
    public EventCounters() {
        for (PauseCause cause : PauseCause.values()) {
            pauses.put(cause, counter(MetricName.PAUSED, cause.word()));
        }
    }

    @Override
    public void refused(InetAddress client, int code, String reason, Supplier<String> about) {
        counter(MetricName.REFUSED, code == 0 ? SOCKET : Integer.toString(code)).increment();
    }

    @Override
    public void opened(String dialect) {
        counter(MetricName.OPENED, dialect).increment();
        counter(MetricName.CONNECTIONS, dialect).increment();
    }

    @Override
    public void ended(String dialect, ConnectionEnding how) {
        String ending = switch (how) {
            case ConnectionEnding.Left left -> "left"; // its number is the client's choice
            case ConnectionEnding.Lost lost -> "lost";
            case ConnectionEnding.Closed closed ->
                Integer.toString(closed.code().number());
        };
        counter(MetricName.ENDED, dialect, ending).increment();
        counter(MetricName.CONNECTIONS, dialect).decrement();
    }

    @Override
    public EventCounter received(String dialect, String kind) {
        return counter(MetricName.HEARD, dialect, kind)::add;
    }

    @Override
    public EventCounter sent(String dialect) {
        return counter(MetricName.SENT, dialect)::add;
    }

    @Override
    public void resumed(@Nullable String why) {
        counter(MetricName.RESUMES, why == null ? "resumed" : why).increment();
    }

    @Override
    public void undelivered(UndeliveredReason why) {
        counter(MetricName.UNDELIVERED, why.word()).increment();
    }

    @Override
    public void dropped() {
        counter(MetricName.DROPPED).increment();
    }

    @Override
    public void receiverBusy(String app, String peer) {
        counter(MetricName.BUSY, app).increment();
    }

    @Override
    public void paused(PauseCause cause, String app, String peer, InetAddress client) {
        pauses(cause).increment();
    }

    @Override
    public void paused(PauseCause cause) {
        pauses(cause).increment();
    }

    private LongAdder pauses(PauseCause cause) {
        return Objects.requireNonNull(pauses.get(cause));
    }

    @Override
    public void storeCalled(String call, long nanos) {
        counter(MetricName.STORE_CALLS, call, "replied").increment();
        times.computeIfAbsent(call, it -> new TimeCounts()).add(nanos);
    }

    @Override
    public void storeCallUnanswered(String call) {
        counter(MetricName.STORE_CALLS, call, "silent").increment();
    }

    @Override
    public void storeShareUsedUp(String app) {
        counter(MetricName.STORE_REFUSALS, app).increment();
    }

    @Override
    public void storeSeen(int nodes, long entries, long bytes) {
        counter(MetricName.STATE_LOSSES).add(0); // it is there before the first one: alerts look at its growth
        counter(MetricName.SWEEPS).add(0);
        gauges.put(MetricName.STORE_SERVERS, (long) nodes);
        gauges.put(MetricName.INBOX_ENTRIES, entries);
        gauges.put(MetricName.INBOX_BYTES, bytes);
    }

    @Override
    public void stateLost() {
        counter(MetricName.STATE_LOSSES).increment();
    }

    @Override
    public void nodeSwept() {
        counter(MetricName.SWEEPS).increment();
    }

    @Override
    public void keysFetched(boolean isWell) {
        counter(MetricName.KEY_FETCHES, isWell ? WELL : FAILED).increment();
    }

    @Override
    public void configurationRead(boolean isWell) {
        counter(MetricName.RELOADS, isWell ? WELL : FAILED).increment();
    }

    /** Tells the counts of one metric, with the values of its labels. */
    void tell(MetricName metric, BiConsumer<List<String>, Long> listener) {
        Long gauge = gauges.get(metric);
        if (gauge != null) {
            listener.accept(List.of(), gauge);
        }
        counters.getOrDefault(metric, Map.of()).forEach((labels, count) -> listener.accept(labels, count.sum()));
    }

    /** How long the store took to reply, by call. */
    Map<String, TimeCounts> storeTimes() {
        return times;
    }

    private LongAdder counter(MetricName metric, String... labels) {
        return counters.computeIfAbsent(metric, it -> new ConcurrentHashMap<>())
                .computeIfAbsent(List.of(labels), it -> new LongAdder());
    }
}
