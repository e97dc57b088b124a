// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.ClientConnection;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Which requests of a client that numbers them were heard, so that one it says again counts once. Now and then the
 * client is told. On the session's loop.
 */
final class RequestReceipts {

    private static final int UNSAID = 64;
    private static final Duration DELAY = Duration.ofMillis(500);

    private final ClientConnection connection;
    private final LongConsumer messages;
    private long received;

    /** Since the last request. */
    private int unreadable;

    private int unsaid;
    private boolean isDue;

    /** What a number says of a request. */
    enum Order {
        /** It is to be acted on. */
        NEW,
        /** It was heard before. */
        KNOWN,
        /** Something before it was not heard. */
        MISSING
    }

    /** @param messages tells the client that everything through this number was heard */
    RequestReceipts(ClientConnection connection, LongConsumer messages) {
        this.connection = connection;
        this.messages = messages;
    }

    /** The highest number that was heard. */
    long received() {
        return received;
    }

    /** A message that cannot be read may be a request, and have taken a number. */
    void recordUnreadable() {
        unreadable++;
    }

    /** Takes the number of a request, which from now on was heard if it is new. */
    Order record(long sequence) {
        if (sequence <= received) {
            return Order.KNOWN;
        }
        if (sequence > received + 1 + unreadable) {
            return Order.MISSING;
        }
        note(sequence);
        return Order.NEW;
    }

    private void note(long sequence) {
        received = sequence;
        unreadable = 0;
        unsaid++;
        if (unsaid >= UNSAID) {
            say();
        } else if (!isDue) {
            connection.loop().schedule(DELAY, new GuardedTask(connection, this::sayLate));
            isDue = true;
        }
    }

    private void sayLate() {
        isDue = false;
        if (unsaid > 0) {
            say();
        }
    }

    private void say() {
        unsaid = 0;
        messages.accept(received);
    }
}
