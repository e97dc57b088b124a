// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Observer;
import dev.parley.core.port.Tally;

/**
 * What is told about the connections of one dialect.
 *
 * @param dialect its name
 * @param observer is told of their beginnings and ends
 * @param sent counts what is sent to them
 */
record Traffic(String dialect, Observer observer, Tally sent) {

    static Traffic of(String dialect, Observer observer) {
        return new Traffic(dialect, observer, observer.sent(dialect));
    }
}
