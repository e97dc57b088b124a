// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressLimits;
import dev.parley.config.ClientLimits;
import dev.parley.config.PeerLimits;

/** The default limits, but a client may send as much as a benchmark has time for. */
final class Unlimited {

    private static final int MESSAGES = 100_000_000;

    private Unlimited() {}

    static ClientLimits limits() {
        ClientLimits defaults = ClientLimits.defaults();
        PeerLimits peer = new PeerLimits(
                MESSAGES,
                MESSAGES,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                defaults.peer().connections());
        return new ClientLimits(
                defaults.message(), peer, AddressLimits.none(), defaults.connection(), defaults.request());
    }
}
