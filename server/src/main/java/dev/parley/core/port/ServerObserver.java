// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.net.InetAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Receives events for metrics and logs. Safe from any thread; must not block. */
public interface ServerObserver {

    /** An observer that ignores everything. */
    ServerObserver NONE = new ServerObserver() {};

    /**
     * A request or connection was refused.
     *
     * @param client where they come from
     * @param code the HTTP status or the close code they were given, 0 for neither
     * @param reason why, in words none of which are theirs
     * @param about what they asked for, as fields of a log line: harmless there, without a credential; may never be
     *     asked for
     */
    default void refused(InetAddress client, int code, String reason, Supplier<String> about) {}

    /** A WebSocket was opened for a client of this dialect. */
    default void opened(String dialect) {}

    /** Notes that a WebSocket of this dialect has ended. */
    default void ended(String dialect, ConnectionEnding how) {}

    /**
     * What counts one kind of what clients say. To be asked for once, when the server starts.
     *
     * @param kind one of a few words
     */
    default EventCounter received(String dialect, String kind) {
        return EventCounter.NONE;
    }

    /** What counts messages that are sent to clients. To be asked for once, when the server starts. */
    default EventCounter sent(String dialect) {
        return EventCounter.NONE;
    }

    /**
     * A client asked to go on with a session it had.
     *
     * @param why the session could not go on; null if it does
     */
    default void resumed(@Nullable String why) {}

    /**
     * Signals to a session that outlives its sockets may not have been delivered, and their sender is notified if it
     * can be.
     */
    default void undelivered(UndeliveredReason why) {}

    /**
     * A signal was dropped: its receiver takes signals more slowly than they are sent, and its sender cannot be
     * notified.
     */
    default void dropped() {}

    /** A signal was refused with {@code receiver_busy}: the peer takes signals more slowly than they are sent to it. */
    default void receiverBusy(String app, String peer) {}

    /** Reading from a client was paused because of a rate. Called when the pause begins. */
    default void paused(PauseCause cause, String app, String peer, InetAddress client) {}

    /** Reading from a client was paused because the server is busy. Called when the pause begins. */
    default void paused(PauseCause cause) {}

    /**
     * The store that several nodes share has replied to a call.
     *
     * @param call one of a few words
     * @param nanos how long that took
     */
    default void storeCalled(String call, long nanos) {}

    /** A call to the store got no reply in time. It is repeated, if it has to be. */
    default void storeCallUnanswered(String call) {}

    /** An app was refused a session or a room, as it holds its share of what the store has for all apps. */
    default void storeShareUsedUp(String app) {}

    /**
     * The store has told what there is.
     *
     * @param nodes how many nodes share it
     * @param entries how many entries wait in the inbox of this one
     * @param bytes how many bytes these have
     */
    default void storeSeen(int nodes, long entries, long bytes) {}

    /** What nodes have decided together is lost, or they took this one for dead: its sessions are submitted again. */
    default void stateLost() {}

    /** Another node showed no sign of life, and this one has removed its sessions. */
    default void nodeSwept() {}

    /** The keys of an issuer were fetched, or could not be had. */
    default void keysFetched(boolean isWell) {}

    /** The configuration was read again, or was wrong. */
    default void configurationRead(boolean isWell) {}
}
