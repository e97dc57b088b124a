// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;

/**
 * The messages that wait for one session, counted against the memory of its app and address. Changed on the session's
 * loop.
 */
final class HeldMessages {

    /** Heap that one message takes in a queue besides its frame, about. */
    private static final int ENTRY_BYTES = 64;

    private final AddressMemory memory;
    private final ClientConnection connection;

    /** Bytes of all frames, also of frames that wait for other sessions too. Read from any thread. */
    private volatile long bytes;

    HeldMessages(AddressMemory memory, ClientConnection connection) {
        this.memory = memory;
        this.connection = connection;
    }

    long bytes() {
        return bytes;
    }

    boolean mayHold(int length) {
        return memory.mayHold(bytes, length);
    }

    boolean isExcessive() {
        return memory.isExcessive();
    }

    void add(Frame frame) {
        memory.add(frame.hold() + ENTRY_BYTES);
        change(frame.length());
    }

    void remove(Frame frame) {
        memory.add(-frame.unhold() - ENTRY_BYTES);
        change(-frame.length());
    }

    /** Ends the session, as it holds more than the node can spare. Safe from any thread. */
    void end(Runnable ended) {
        connection.loop().post(() -> {
            try {
                connection.close(CloseCode.SLOW_CONSUMER);
            } finally {
                ended.run();
            }
        });
    }

    private void change(int length) {
        long before = bytes;
        long after = before + length;
        bytes = after;
        boolean wasListed = before > AddressMemory.LISTED;
        boolean isListed = after > AddressMemory.LISTED;
        if (isListed && !wasListed) {
            memory.list(this);
        } else if (wasListed && !isListed) {
            memory.unlist(this);
        }
    }
}
