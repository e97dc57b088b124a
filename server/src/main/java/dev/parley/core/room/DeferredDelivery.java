// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import java.util.concurrent.locks.Lock;

/**
 * An announcement that waits for the lock of the room. Members of several loops are announced to each other in one hold
 * of it: whoever could read its part sooner might answer somebody who has not been posted the part that explains the
 * answer.
 */
record DeferredDelivery(Lock lock, PresenceDelivery announcement) implements Runnable {

    @Override
    public void run() {
        lock.lock();
        try {
            // whoever held it has posted everything
        } finally {
            lock.unlock();
        }
        announcement.run();
    }
}
