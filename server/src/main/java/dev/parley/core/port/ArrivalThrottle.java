// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.net.InetAddress;

/** Slows addresses down that come too often, or with bad credentials. Safe from any thread; must not block. */
public interface ArrivalThrottle {

    /** Holds nobody up. */
    ArrivalThrottle NONE = new ArrivalThrottle() {
        @Override
        public boolean admits(InetAddress client) {
            return true;
        }

        @Override
        public boolean hears(InetAddress client) {
            return true;
        }

        @Override
        public boolean handsOut(InetAddress client) {
            return true;
        }

        @Override
        public void failed(InetAddress client) {}
    };

    /** Counts a connection that is asked for, whatever was shown before; false if it may not be had for now. */
    boolean admits(InetAddress client);

    /** Whether a credential of it that is a secret, or may be none at all, would be looked at now. */
    boolean hears(InetAddress client);

    /** Counts ICE servers that are asked for; false if none are handed out for now. */
    boolean handsOut(InetAddress client);

    /** Counts a bad credential. */
    void failed(InetAddress client);
}
