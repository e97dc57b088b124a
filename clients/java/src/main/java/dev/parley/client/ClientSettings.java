// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * How a client is to be.
 *
 * @param credentials asked on each connect
 * @param wantsContinuity whether it offers {@code parley.v1}
 * @param firstBackoff bound of the first wait between attempts
 * @param mostBackoff bound of all
 * @param maxRequests how many may be unheard or unanswered
 * @param executor runs what may block: asking for credentials, and the listener
 * @param random from 0 to below 1
 */
record ClientSettings(
        URI server,
        Supplier<Credential> credentials,
        boolean wantsContinuity,
        Duration firstBackoff,
        Duration mostBackoff,
        int maxRequests,
        ClientSockets sockets,
        Executor executor,
        ClientTime time,
        DoubleSupplier random) {}
