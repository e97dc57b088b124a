// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The signals one client must read, in order for each sender. */
final class DueSignals {

    private final Map<Long, Deque<DueSignal>> bySender = new HashMap<>();

    /** One of them; it may get lost once its channel was given up. */
    static final class DueSignal {

        final long number;
        final @Nullable String channel;

        /** Null if its receiver hears the channel by several subscriptions, of which any may decide. */
        final @Nullable Boolean wantedSenderMetadata;

        private boolean mayGetLost;

        DueSignal(long number, @Nullable String channel, @Nullable Boolean wantedSenderMetadata) {
            this.number = number;
            this.channel = channel;
            this.wantedSenderMetadata = wantedSenderMetadata;
        }
    }

    void add(long sender, DueSignal signal) {
        bySender.computeIfAbsent(sender, it -> new ArrayDeque<>()).add(signal);
    }

    void channelGivenUp(String channel) {
        bySender.values()
                .forEach(signals -> signals.stream()
                        .filter(signal -> signal.channel != null && ChannelView.isHeardBy(channel, signal.channel))
                        .forEach(signal -> signal.mayGetLost = true));
    }

    /** The signal was read: nothing before it may be missing. */
    DueSignal read(long sender, long number) {
        Deque<DueSignal> signals = bySender.getOrDefault(sender, new ArrayDeque<>());
        while (!signals.isEmpty()) {
            DueSignal next = signals.removeFirst();
            if (next.number == number) {
                return next;
            }
            if (!next.mayGetLost) {
                throw new AssertionError("signal " + number + " of client " + sender + " before " + next.number);
            }
        }
        throw new AssertionError(
                "signal " + number + " of client " + sender + " was not for this client, or came twice");
    }

    void rest() {
        bySender.forEach((sender, signals) -> signals.forEach(signal -> {
            if (!signal.mayGetLost) {
                throw new AssertionError("signal " + signal.number + " of client " + sender + " was lost");
            }
        }));
    }
}
