// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.port.ServerObserver;

/**
 * What all sessions of an app share.
 *
 * @param queueBytes signals that may wait for one receiver; presence that may be posted to its loop and not sent yet
 * @param creditBytes signals that one sender may have posted to other loops and that are not sent or queued there yet;
 *     at more it is not read from
 * @param memory what their messages may take together
 * @param connections what connections, subscriptions and presence that waits may take of the heap
 * @param deliveries the turns of signals for many of them
 * @param observer counts signals that are dropped and senders that are paused
 */
public record SessionTerms(
        int queueBytes,
        int creditBytes,
        AppMemory memory,
        ConnectionMemory connections,
        AppDeliveries deliveries,
        ServerObserver observer) {

    /** One of the largest messages, or some hundreds of tiny ones: little where there are many senders. */
    private static final int CREDIT_BYTES = 64 << 10;

    /** Terms with the usual credit. */
    public SessionTerms(
            int queueBytes,
            AppMemory memory,
            ConnectionMemory connections,
            AppDeliveries deliveries,
            ServerObserver observer) {
        this(queueBytes, CREDIT_BYTES, memory, connections, deliveries, observer);
    }
}
