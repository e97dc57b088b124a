// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose clients are not admitted, counted by client so that nobody can fill the server with sockets that only
 * wait for their deadline. Any thread.
 */
final class Lobby {

    /** Far more than a network behind one address needs at once: an honest client is admitted in an instant. */
    static final int MAX_PLACES = 512;

    private final Map<AddressRange, Integer> taken = new ConcurrentHashMap<>();

    /** A place for a socket of this client, or null if it has enough of them. */
    @Nullable
    Place enter(InetAddress address) {
        AddressRange client = AddressRange.ofClient(address);
        int places = taken.merge(client, 1, Integer::sum);
        Place place = new Place(client);
        if (places > MAX_PLACES) {
            place.leave();
            return null;
        }
        return place;
    }

    /** A place for one of whom there may be any number. */
    Place enterUncounted() {
        return new Place(null);
    }

    /** How many clients have places that are counted. */
    int size() {
        return taken.size();
    }

    /** The place of one socket, for its loop only. */
    final class Place {

        private @Nullable AddressRange client;

        private Place(@Nullable AddressRange client) {
            this.client = client;
        }

        /** The client was admitted, or its socket is gone; once counts. */
        void leave() {
            if (client != null) {
                taken.computeIfPresent(client, (it, places) -> places == 1 ? null : places - 1);
                client = null;
            }
        }
    }
}
