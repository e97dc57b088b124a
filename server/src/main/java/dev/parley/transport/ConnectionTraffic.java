// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.EventCounter;
import dev.parley.core.port.ServerObserver;

/**
 * The observer's figures of the connections of one dialect.
 *
 * @param dialect its name
 * @param observer counts their beginnings and ends
 * @param sent counts what is sent to them
 */
record ConnectionTraffic(String dialect, ServerObserver observer, EventCounter sent) {

    static ConnectionTraffic of(String dialect, ServerObserver observer) {
        return new ConnectionTraffic(dialect, observer, observer.sent(dialect));
    }
}
