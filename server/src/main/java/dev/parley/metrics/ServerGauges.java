// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import java.util.List;

/** What can be looked at whenever somebody asks. Safe from any thread. */
public interface ServerGauges {

    /** Returns the version of the server. */
    String version();

    /** Whether it takes new clients. */
    boolean isReady();

    /** Settings that are convenient and not safe, a word each. */
    List<String> insecurities();

    /** Returns how many sessions outlive their sockets. */
    long sessions();

    /** How many of them have no socket now. */
    long sessionsAway();

    /** Returns how many bytes of messages are kept for these sessions. */
    long outboxBytes();

    /** Returns the usage of each app. */
    List<AppState> apps();

    /**
     * What one app uses.
     *
     * @param id its name in the configuration
     * @param messages sent in this period
     */
    record AppState(String id, long connections, long peers, long channels, long messages) {}
}
