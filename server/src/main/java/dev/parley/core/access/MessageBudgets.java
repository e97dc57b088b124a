// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.AddressRange;
import dev.parley.config.ClientLimits;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Loop;
import dev.parley.core.port.ServerObserver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of peers and of addresses, in each app. One is kept while connections draw from it, and then until it is
 * full: so a connection that comes again finds what it left. Safe from any thread.
 */
public final class MessageBudgets {

    /** A connection draws the messages that may be sent in a second divided by this. */
    private static final int PARTS_OF_MESSAGES = 20;

    /**
     * The budget of bytes is drawn in this many parts, so that senders of small messages need not wait long for senders
     * of large ones.
     */
    private static final int PARTS_OF_BYTES = 80;

    private final MessageRate rateOfPeer;
    private final MessageRate rateOfAddress;
    private final ServerObserver observer;
    private final int partMessages;
    private final int partBytes;
    private final ConcurrentMap<Object, MessageBudget> budgets = new ConcurrentHashMap<>();

    private record PeerKey(App app, String peerId) {}

    private record AddressKey(App app, AddressRange client) {}

    /** Full budgets without an observer. */
    public MessageBudgets(ClientLimits limits) {
        this(limits, ServerObserver.NONE);
    }

    /**
     * All of them full.
     *
     * @param observer is notified when reading from a client is paused
     */
    public MessageBudgets(ClientLimits limits, ServerObserver observer) {
        this.observer = observer;
        this.rateOfPeer = MessageRate.ofPeer(limits);
        this.rateOfAddress = MessageRate.ofAddress(limits);
        this.partMessages = part(PARTS_OF_MESSAGES, rateOfPeer.messagesPerSecond(), rateOfAddress.messagesPerSecond());
        this.partBytes = part(PARTS_OF_BYTES, rateOfPeer.bytesPerSecond(), rateOfAddress.bytesPerSecond());
    }

    private static int part(int parts, int perSecond, int perSecondOfAddress) {
        int least = perSecondOfAddress == 0 ? perSecond : Math.min(perSecond, perSecondOfAddress);
        return Math.max(least / parts, 1);
    }

    /** Returns the pace of a new connection. */
    public SenderPace pace(App app, String peerId, InetAddress client) {
        return new SenderPace(this, app, peerId, client);
    }

    /** Returns how many budgets are kept. */
    public int count() {
        return budgets.size();
    }

    BudgetShare share(ClientConnection connection, SenderPace pace, App app, String peerId, InetAddress client) {
        Loop loop = connection.loop();
        MessageBudget ofPeer = budget(new PeerKey(app, peerId), rateOfPeer, loop);
        MessageBudget ofAddress = rateOfAddress.isAny()
                ? null
                : budget(new AddressKey(app, AddressRange.ofClient(client)), rateOfAddress, loop);
        return new BudgetShare(this, connection, pace, ofPeer, ofAddress);
    }

    private MessageBudget budget(Object key, MessageRate rate, Loop loop) {
        return budgets.compute(key, (it, present) -> {
            MessageBudget budget = present == null ? new MessageBudget(key, rate, loop) : present;
            budget.join();
            return budget;
        });
    }

    ServerObserver observer() {
        return observer;
    }

    int partMessages() {
        return partMessages;
    }

    int partBytes() {
        return partBytes;
    }

    /** One connection draws from it no longer. It is removed once nobody does and it is full. On this loop. */
    void release(MessageBudget budget, Loop loop) {
        budgets.computeIfPresent(budget.key(), (key, present) -> {
            present.leave();
            return present.isRemovalTimed() ? present : keptOrNull(present, loop);
        });
    }

    private void removeUnused(Object key, Loop loop) {
        budgets.computeIfPresent(key, (it, present) -> {
            present.setRemovalTimed(false);
            return keptOrNull(present, loop);
        });
    }

    /** Null if nobody uses it and a new one would be no different. */
    private @Nullable MessageBudget keptOrNull(MessageBudget budget, Loop loop) {
        if (budget.isUsed()) {
            return budget;
        }
        Duration left = budget.untilFull();
        if (left.isZero()) {
            return null;
        }
        budget.setRemovalTimed(true);
        loop.schedule(left, () -> removeUnused(budget.key(), loop));
        return budget;
    }
}
