// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.ClientLimits;

/** The default limits, but a client may say as much as a benchmark has time for. */
final class Unlimited {

    private static final int MESSAGES = 100_000_000;

    private Unlimited() {}

    static ClientLimits limits() {
        ClientLimits defaults = ClientLimits.defaults();
        return new ClientLimits(
                defaults.messageBytes(),
                defaults.fragments(),
                MESSAGES,
                MESSAGES,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                0,
                0,
                defaults.channels(),
                defaults.connectionsPerPeer(),
                defaults.messageTime(),
                defaults.controlFramesPerSecond(),
                defaults.controlFramesBurst(),
                defaults.outboundBytes(),
                defaults.admissionTime(),
                defaults.closeTime(),
                defaults.headerBytes(),
                defaults.bodyBytes(),
                defaults.restPerSecond(),
                defaults.restBurst(),
                0,
                0,
                0,
                0,
                defaults.stallTime());
    }
}
