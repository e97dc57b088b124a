// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.time.Duration;

/**
 * How much is asked of the server.
 *
 * @param connections clients in all
 * @param window signals each client has under way at once; the next follows when one has arrived
 * @param rate signals a second in all, sent whether or not those before have arrived; 0 for as many as the window lets
 * @param data the payload of a signal
 * @param warmUp how long the server may get warm before anything counts
 * @param duration how long is measured; zero for as long as the standard input stays open, where a scenario holds
 * @param within over which time clients come that do not come at once
 */
public record LoadSize(
        int connections, int window, int rate, String data, Duration warmUp, Duration duration, Duration within) {}
