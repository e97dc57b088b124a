// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose clients are not admitted. An address has a limited number, so that no client can fill the server with
 * sockets that only wait for their deadline. One more takes the place of another: of the socket that has waited longest
 * without sending anything, or else of the one that has waited longest. Any thread.
 */
final class UnadmittedSockets {

    /** Far more than a network behind one address needs at once: an honest client is admitted in an instant. */
    static final int MAX_PLACES = 512;

    /** Each is changed by the thread that computes the entry of its address. */
    private final Map<AddressRange, Waiting> waiting = new ConcurrentHashMap<>();

    /**
     * Returns a place for a socket of this client.
     *
     * @param evicted runs when a newer socket needs the place, on the thread that has accepted it
     */
    Place enter(InetAddress address, Runnable evicted) {
        Place place = new Place(AddressRange.ofClient(address), evicted);
        waiting.compute(place.client, (client, before) -> {
            Waiting sockets = before == null ? new Waiting() : before;
            place.taken = sockets.size() < MAX_PLACES ? null : sockets.removeOldest();
            sockets.silent.add(place);
            return sockets;
        });
        Place taken = place.taken;
        if (taken != null) {
            place.taken = null;
            taken.evicted.run();
        }
        return place;
    }

    /** A place for one of whom there may be any number. */
    Place enterUncounted() {
        return new Place(null, () -> {});
    }

    /** How many clients have places that are counted. */
    int size() {
        return waiting.size();
    }

    /** The sockets of one client, those that have waited longest first. */
    private static final class Waiting {

        private final SequencedSet<Place> silent = new LinkedHashSet<>();
        private final SequencedSet<Place> speaking = new LinkedHashSet<>();

        private int size() {
            return silent.size() + speaking.size();
        }

        private Place removeOldest() {
            return silent.isEmpty() ? speaking.removeFirst() : silent.removeFirst();
        }

        private @Nullable Waiting withoutEmpty() {
            return size() == 0 ? null : this;
        }
    }

    /** The place of one socket. Any thread. */
    final class Place {

        private final @Nullable AddressRange client;
        private final Runnable evicted;

        /** Whose place this was; for the thread that enters. */
        private @Nullable Place taken;

        private Place(@Nullable AddressRange client, Runnable evicted) {
            this.client = client;
            this.evicted = evicted;
        }

        /** Whether the place counts, and can be given to another socket. */
        boolean isCounted() {
            return client != null;
        }

        /** Notes that the socket has sent its first bytes. */
        void sentFirstBytes() {
            if (client != null) {
                waiting.computeIfPresent(client, (it, sockets) -> {
                    if (sockets.silent.remove(this)) {
                        sockets.speaking.add(this);
                    }
                    return sockets;
                });
            }
        }

        /** The client was admitted, or its socket is gone; once counts, and nothing if the place was given away. */
        void leave() {
            if (client != null) {
                waiting.computeIfPresent(client, (it, sockets) -> {
                    if (!sockets.silent.remove(this)) {
                        sockets.speaking.remove(this);
                    }
                    return sockets.withoutEmpty();
                });
            }
        }
    }
}
