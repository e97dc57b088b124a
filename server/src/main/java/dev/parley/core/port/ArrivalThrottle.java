// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.net.InetAddress;

/** Slows addresses down that come too often, or with bad credentials. Safe from any thread; must not block. */
public interface ArrivalThrottle {

    /** A throttle that refuses nobody. */
    ArrivalThrottle NONE = new ArrivalThrottle() {
        @Override
        public boolean tryConnect(InetAddress client) {
            return true;
        }

        @Override
        public boolean acceptsSecrets(InetAddress client) {
            return true;
        }

        @Override
        public boolean tryTakeIceServers(InetAddress client) {
            return true;
        }

        @Override
        public void recordFailure(InetAddress client) {}
    };

    /** Counts a connection that is asked for, whatever was shown before; false if it may not be had for now. */
    boolean tryConnect(InetAddress client);

    /** Whether a credential of it that is a secret, or may be none at all, would be looked at now. */
    boolean acceptsSecrets(InetAddress client);

    /** Counts ICE servers that are asked for; false if none are handed out for now. */
    boolean tryTakeIceServers(InetAddress client);

    /** Counts a bad credential. */
    void recordFailure(InetAddress client);
}
