// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.AddressRange;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many WebSockets each client has open, where there is a limit. Any thread. */
final class OpenConnections {

    private final int limit;
    private final Map<AddressRange, Integer> open = new ConcurrentHashMap<>();

    /** @param limit for one address, an IPv6 one with its /64; 0 for any number */
    OpenConnections(int limit) {
        this.limit = limit;
    }

    /** Takes a place for one more; false if the client has all it may have. */
    boolean open(InetAddress client) {
        if (limit == 0) {
            return true;
        }
        AddressRange address = AddressRange.ofClient(client);
        boolean isTooMany = open.merge(address, 1, Integer::sum) > limit;
        if (isTooMany) {
            close(client);
        }
        return !isTooMany;
    }

    /** Gives the place back when the channel closes. */
    void closeWith(Channel channel, InetAddress client) {
        if (limit > 0) { // else nothing of the client's is to be kept
            channel.closeFuture().addListener(it -> close(client));
        }
    }

    /** Gives a place back. */
    void close(InetAddress client) {
        if (limit > 0) {
            open.computeIfPresent(AddressRange.ofClient(client), (it, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Returns how many clients have connections. */
    int size() {
        return open.size();
    }
}
