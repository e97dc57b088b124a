// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.EventCounter;
import dev.parley.core.port.PauseCause;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.port.UndeliveredReason;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts everything, and logs refusals and pauses too.
 *
 * @param counts counts
 * @param log logs
 */
record CountingLogObserver(ServerObserver counts, ServerObserver log) implements ServerObserver {

    @Override
    public void refused(InetAddress client, int code, String reason, Supplier<String> about) {
        counts.refused(client, code, reason, about);
        log.refused(client, code, reason, about);
    }

    @Override
    public void opened(String dialect) {
        counts.opened(dialect);
    }

    @Override
    public void ended(String dialect, ConnectionEnding how) {
        counts.ended(dialect, how);
    }

    @Override
    public EventCounter received(String dialect, String kind) {
        return counts.received(dialect, kind);
    }

    @Override
    public EventCounter sent(String dialect) {
        return counts.sent(dialect);
    }

    @Override
    public void resumed(@Nullable String why) {
        counts.resumed(why);
    }

    @Override
    public void undelivered(UndeliveredReason why) {
        counts.undelivered(why);
    }

    @Override
    public void dropped() {
        counts.dropped();
    }

    @Override
    public void receiverBusy(String app, String peer) {
        counts.receiverBusy(app, peer);
        log.receiverBusy(app, peer);
    }

    @Override
    public void paused(PauseCause cause, String app, String peer, InetAddress client) {
        counts.paused(cause, app, peer, client);
        log.paused(cause, app, peer, client);
    }

    @Override
    public void paused(PauseCause cause) {
        counts.paused(cause);
    }

    @Override
    public void storeCalled(String call, long nanos) {
        counts.storeCalled(call, nanos);
    }

    @Override
    public void storeCallUnanswered(String call) {
        counts.storeCallUnanswered(call);
    }

    @Override
    public void storeShareUsedUp(String app) {
        counts.storeShareUsedUp(app);
        log.storeShareUsedUp(app);
    }

    @Override
    public void storeSeen(int nodes, long entries, long bytes) {
        counts.storeSeen(nodes, entries, bytes);
    }

    @Override
    public void stateLost() {
        counts.stateLost();
    }

    @Override
    public void nodeSwept() {
        counts.nodeSwept();
    }

    @Override
    public void keysFetched(boolean isWell) {
        counts.keysFetched(isWell);
    }

    @Override
    public void configurationRead(boolean isWell) {
        counts.configurationRead(isWell);
    }
}
