// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static java.util.Objects.requireNonNull;

import dev.parley.config.PresenceSettings;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.relay.AppExchange;
import dev.parley.core.relay.EarlierSessions;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.GuardedTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels a client hears and is about to enter. It enters when it has read its acknowledgement: a moment after
 * that was sent the client is asked by a ping, and its answer says so. One ping stands for all channels acknowledged
 * before it, and there is one at a time, because clients give up on a server that pings too much. On the connection's
 * loop.
 */
final class PendingEntries {

    private static final Logger log = LoggerFactory.getLogger(PendingEntries.class);

    private final ClientConnection connection;
    private final EarlierSessions earlier;
    private final AppExchange exchange;
    private final PresenceSettings presence;
    private final ClientRates rates;

    /** Null while it is entering none: a client enters its channels once, and stays for long. */
    private @Nullable Waiting waiting;

    /** The members that are entering. */
    private static final class Waiting {

        /** Acknowledged, and when on the loop's clock, the earliest first. */
        final SequencedMap<RoomMember, Long> acknowledged = new LinkedHashMap<>();

        /** The members for which the last ping was sent. */
        final Deque<RoomMember> asked = new ArrayDeque<>();
    }

    /** @param rates pays for the presence it causes and receives */
    PendingEntries(
            ClientConnection connection,
            EarlierSessions earlier,
            AppExchange exchange,
            PresenceSettings presence,
            ClientRates rates) {
        this.connection = connection;
        this.earlier = earlier;
        this.exchange = exchange;
        this.presence = presence;
        this.rates = rates;
    }

    /** Returns the rates that are charged for entering. */
    ClientRates rates() {
        return rates;
    }

    /** Made for each use, which is rare: an idle client has none. */
    private Runnable asking() {
        return new GuardedTask(connection, this::ask);
    }

    /** In steps: the waiting of a crowd ends at one moment. */
    private Runnable entering() {
        Runnable next = new GuardedTask(connection, this::enterNext);
        return new GuardedTask(connection, () -> connection.loop().defer(next));
    }

    /** The member enters soon, or gets the roster again. Call in the turn in which it is acknowledged. */
    void add(RoomMember member) {
        if (waiting == null) {
            connection.loop().schedule(presence.delay(), asking());
            waiting = new Waiting();
        }
        waiting.acknowledged.remove(member); // the time of the last acknowledgement counts
        waiting.acknowledged.put(member, connection.loop().now());
    }

    /** Removes a member that left before it entered. */
    void remove(RoomMember member) {
        if (waiting != null) {
            waiting.acknowledged.remove(member);
            waiting.asked.remove(member);
        }
    }

    private void ask() {
        Waiting now = requireNonNull(waiting);
        Runnable entering = entering();
        long latest = connection.loop().now() - presence.delay().toNanos();
        now.acknowledged.entrySet().removeIf(entry -> entry.getValue() <= latest && now.asked.add(entry.getKey()));
        if (now.asked.isEmpty()) {
            enterNext();
        } else if (presence.delay().isZero()) {
            earlier.whenKnown(entering);
        } else {
            connection.whenRead(presence.patience(), () -> earlier.whenKnown(entering));
        }
    }

    /**
     * One a turn, and only when the client takes more: the roster of one is on its way before that of the next is made.
     * Later if the client has caused too much presence already.
     */
    private void enterNext() {
        Duration pause = rates.pause();
        if (!pause.isZero()) {
            connection.loop().schedule(pause, entering());
        } else if (connection.isWritable()) {
            enterOne();
        } else {
            connection.whenWritable(new GuardedTask(connection, this::enterOne));
        }
    }

    private void enterOne() {
        RoomMember member = requireNonNull(waiting).asked.pollFirst();
        if (member == null) {
            askLater();
            return;
        }
        try {
            exchange.enter(member, rates::chargePresence);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            log.error("connection {} could not enter a channel", connection.id(), e);
            connection.close(CloseCode.INTERNAL_ERROR); // it was acknowledged, and would never get its roster
        }
        entering().run();
    }

    /** When all that is acknowledged by now has waited long enough, so that a few pings are enough for any number. */
    private void askLater() {
        SequencedMap<RoomMember, Long> acknowledged = requireNonNull(waiting).acknowledged;
        if (acknowledged.isEmpty()) {
            waiting = null;
        } else {
            long waited = connection.loop().now() - acknowledged.lastEntry().getValue();
            long pause = Math.max(presence.delay().toNanos() - waited, 0);
            connection.loop().schedule(Duration.ofNanos(pause), asking());
        }
    }
}
