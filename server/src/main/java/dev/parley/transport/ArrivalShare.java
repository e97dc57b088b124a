// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import dev.parley.core.access.FairShares;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that one socket has received and whose message or request is unfinished, in a budget that all
 * sockets share by client address. For the loop of the socket only.
 */
final class ArrivalShare {

    /** Less is not counted: most reads leave nothing or little, and sockets of a client are limited otherwise. */
    static final int UNCOUNTED_BYTES = 2 << 10;

    private final FairShares arrivals;
    private final Channel channel;

    /** Null until bytes are counted for the first time. */
    private @Nullable AddressRange client;

    private int counted;

    ArrivalShare(FairShares arrivals, Channel channel) {
        this.arrivals = arrivals;
        this.channel = channel;
    }

    /** Sets how many bytes the socket holds; false, and nothing changes, if that is more than its client's share. */
    boolean hold(int bytes) {
        int wanted = bytes > UNCOUNTED_BYTES ? bytes : 0;
        int more = wanted - counted;
        if (more > 0 && !arrivals.take(client(), more)) {
            return false;
        }
        if (more < 0) {
            arrivals.give(client(), -more);
        }
        counted = wanted;
        return true;
    }

    /** Gives back all that is counted. */
    void release() {
        hold(0);
    }

    private AddressRange client() {
        if (client == null) {
            client = AddressRange.ofClient(SocketEnds.peer(channel));
        }
        return client;
    }
}
