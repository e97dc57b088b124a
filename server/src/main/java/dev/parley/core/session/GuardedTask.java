// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;

/**
 * A posted or scheduled task of one client. If it fails, for want of memory perhaps, what it should have done is
 * missing, and nothing else would report that: so the connection is closed with 1011. On the connection's loop.
 */
public record GuardedTask(ClientConnection connection, Runnable task) implements Runnable {

    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            connection.close(CloseCode.INTERNAL_ERROR);
            throw e; // the loop logs it
        }
    }
}
