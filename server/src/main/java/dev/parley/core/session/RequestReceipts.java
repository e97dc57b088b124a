// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import java.time.Duration;

/**
 * Which requests of a client were received, so that one that is sent again counts once. Acknowledges them now and then.
 * On the session's loop.
 */
public final class RequestReceipts {

    private static final int MAX_UNACKNOWLEDGED = 64;
    private static final Duration DELAY = Duration.ofMillis(500);

    private final ClientConnection connection;
    private final Sender sender;
    private long received;

    /** Since the last request. */
    private int unreadable;

    private int unacknowledged;
    private boolean isDue;

    /** What the number of a request says. */
    public enum Order {
        /** It is to be acted on. */
        NEW,
        /** It was received before. */
        KNOWN,
        /** A request before it was not received. */
        MISSING
    }

    /** Sends receipts. */
    @FunctionalInterface
    interface Sender {

        /** Sends the client the number through which all requests were received. */
        void sendReceipt(long through);
    }

    RequestReceipts(ClientConnection connection, Sender sender) {
        this.connection = connection;
        this.sender = sender;
    }

    /** Returns the highest number that was received. */
    public long received() {
        return received;
    }

    /** A message that cannot be read may be a request, and have taken a number. */
    public void recordUnreadable() {
        unreadable++;
    }

    /** Records the number of a request, which counts as received if it is new. */
    public Order record(long sequence) {
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
        unacknowledged++;
        if (unacknowledged >= MAX_UNACKNOWLEDGED) {
            acknowledge();
        } else if (!isDue) {
            connection.loop().schedule(DELAY, new GuardedTask(connection, this::acknowledgeLate));
            isDue = true;
        }
    }

    private void acknowledgeLate() {
        isDue = false;
        if (unacknowledged > 0) {
            acknowledge();
        }
    }

    private void acknowledge() {
        unacknowledged = 0;
        sender.sendReceipt(received);
    }
}
