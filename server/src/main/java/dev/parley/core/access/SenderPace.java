// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.AddressRange;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.PauseCause;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How fast one connection may send, in messages and bytes. What it sends is handled, and paid for from a small part
 * drawn from the budgets of its peer and its address; when that is overdrawn and there is nothing more to draw, reading
 * is paused. On the connection's loop.
 */
public final class SenderPace {

    /** Most connections send little more than a subscription, and need no budget, which takes memory. */
    private static final int FREE_MESSAGES = 2;

    private static final int FREE_BYTES = 1 << 10;

    private static final int IPV4_BYTES = 4;

    /** Beyond any cost of a message, and small enough that sums do not overflow. */
    private static final long MOST_DEBT = 1 << 29;

    private final MessageBudgets budgets;
    private final App app;
    private final String peerId;
    private final InetAddress client;
    private int messages = FREE_MESSAGES;
    private int bytes = FREE_BYTES;

    /** Null until more is sent than is free. */
    private @Nullable BudgetShare share;

    SenderPace(MessageBudgets budgets, App app, String peerId, InetAddress client) {
        this.budgets = budgets;
        this.app = app;
        this.peerId = peerId;
        this.client = client;
    }

    /** What senders at one address have in common, compared by {@code equals}: its IPv4 address, or its /64 of IPv6. */
    public Object address() {
        return address(client);
    }

    /** What connections of one address have in common, compared by {@code equals}. */
    public static Object address(InetAddress client) {
        return client.getAddress().length == IPV4_BYTES ? client : AddressRange.ofClient(client);
    }

    /** Counts what a message cost. {@link #settle} follows when the message has been handled. */
    public void charge(long messageCount, long byteCount) {
        messages = (int) Math.max(messages - messageCount, -MOST_DEBT);
        bytes = (int) Math.max(bytes - byteCount, -MOST_DEBT);
    }

    /** Pauses reading from the connection if it has sent more than there is to draw, until there is. */
    public void settle(ClientConnection connection) {
        if (isOverdrawn()) {
            share(connection).draw();
        }
    }

    private BudgetShare share(ClientConnection connection) {
        BudgetShare it = share;
        if (it == null) {
            it = budgets.share(connection, this, app, peerId, client);
            share = it;
            add(-FREE_MESSAGES, -FREE_BYTES); // who sends more pays from the first message on
        }
        return it;
    }

    /** The connection is over. A debt is left to the budgets of its peer and its address. */
    public void end(ClientConnection connection) {
        if (isOverdrawn()) {
            share(connection);
        }
        end();
    }

    /** Notifies the operator that reading from the connection is paused. To be called when a pause begins. */
    public void paused(PauseCause cause) {
        budgets.observer().paused(cause, app.id(), peerId, client);
    }

    /** Releases the budgets: the connection is closed. */
    public void end() {
        if (share != null) {
            share.end();
            share = null;
        }
    }

    boolean isOverdrawn() {
        return (messages | bytes) < 0;
    }

    int messages() {
        return messages;
    }

    int bytes() {
        return bytes;
    }

    void add(int messageCount, int byteCount) {
        messages += messageCount;
        bytes += byteCount;
    }
}
