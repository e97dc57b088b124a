// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.net.InetAddress;
import java.util.List;

/**
 * A client that asks to be admitted.
 *
 * @param credential what it shows
 * @param origins the pages it says it comes from: one for a browser, none for other programs
 * @param address where it comes from
 */
public record ConnectingClient(Credential credential, List<String> origins, InetAddress address) {

    /** Keeps a copy. */
    public ConnectingClient {
        origins = List.copyOf(origins);
    }
}
