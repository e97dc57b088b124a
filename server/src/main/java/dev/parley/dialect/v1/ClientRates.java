// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.PeerLimits;
import dev.parley.core.access.SenderPace;
import dev.parley.core.access.TokenBucket;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.PauseCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast one client may send: excess pauses reading from it, and closes nothing. On its connection's loop. */
final class ClientRates {

    /** Clients must be able to ask for life when they have said all they may, so pings have a bucket of their own. */
    private static final int PINGS_PER_SECOND = 20;

    private static final int PINGS_BURST = 200;

    /** No client that works sends any, so a few are patience enough. */
    private static final int MALFORMED_PER_SECOND = 1;

    private static final int MALFORMED_BURST = 100;

    /** This many receivers of an announcement, or peers in a roster, cost as much as one more message. */
    private static final int TOLD_PER_MESSAGE = 100;

    /** To look up this many members of a room in the store takes as long there as one more message. */
    private static final int FETCHED_PER_MESSAGE = 10;

    /** Comparisons with patterns of this many steps take some 15 µs and cost as much as one more message. */
    private static final int STEPS_PER_MESSAGE = 2_048;

    /** A client that sends more than a token now and then is guessing. */
    private static final int TOKENS_PER_SECOND = 1;

    private static final int TOKENS_BURST = 10;

    private final ClientConnection connection;
    private final SenderPace pace;
    private final PeerLimits limits;
    private boolean isPausedByPings;

    /** Fewer than those that cost a message. A short makes no client larger. */
    private short unpaidSteps;

    // The others are made when something is first taken from them: most clients never send any, and a full bucket
    // limits nothing.

    private @Nullable TokenBucket pings;

    /**
     * Presence that the client causes or receives; it has a bucket of its own, because waiting here is no violation.
     */
    private @Nullable TokenBucket presence;

    private @Nullable TokenBucket malformed;
    private @Nullable TokenBucket refreshes;

    ClientRates(ClientConnection connection, SenderPace pace, PeerLimits limits) {
        this.connection = connection;
        this.pace = pace;
        this.limits = limits;
    }

    /** Counts a message that is about to be handled; false if the client has sent too many that are malformed. */
    boolean count(ClientMessage message, int bytes) {
        if (message instanceof ClientMessage.Ping) {
            pace.charge(0, bytes);
            countPing();
            return true;
        }
        pace.charge(1, bytes);
        return !(message instanceof ClientMessage.Malformed) || tryTakeMalformed();
    }

    /** Counts a message that costs nothing but its bytes. */
    void countBytes(int bytes) {
        pace.charge(0, bytes);
    }

    /** A message of this length went to so many. */
    void charge(int receivers, int bytes) {
        int more = receivers / TOLD_PER_MESSAGE;
        if (more > 0) {
            pace.charge(more, (long) more * bytes);
        }
    }

    /** Charges members of a room that were looked up in the store for the client. */
    void chargeFetched(int members) {
        pace.charge(members / FETCHED_PER_MESSAGE, 0);
    }

    /** Charges steps of comparisons of names with patterns, see {@link dev.parley.core.access.ComparedName}. */
    void chargeComparisons(long steps) {
        if (steps > 0) {
            long all = unpaidSteps + steps;
            unpaidSteps = (short) (all % STEPS_PER_MESSAGE);
            pace.charge(all / STEPS_PER_MESSAGE, 0);
        }
    }

    /** A message has been handled: reading is paused if the client has sent more than it may. */
    void settle() {
        pace.settle(connection);
    }

    /** Releases the budgets: the client is gone. */
    void end() {
        pace.end(connection);
    }

    /** Charges so many receivers of presence, or peers in a roster; call {@link #pause} later. */
    void chargePresence(int told) {
        int cost = told / TOLD_PER_MESSAGE;
        if (cost > 0) {
            if (presence == null) {
                presence = new TokenBucket(limits.messagesPerSecond(), limits.messagesBurst(), now());
            }
            presence.charge(cost);
        }
    }

    /** Returns how long the client must wait before it may enter another channel. */
    Duration pause() {
        return presence == null ? Duration.ZERO : Duration.ofNanos(presence.nanosUntilOne(now()));
    }

    /** Counts a token the client brings; false if it will not be looked at. */
    boolean tryTakeToken() {
        if (refreshes == null) {
            refreshes = new TokenBucket(TOKENS_PER_SECOND, TOKENS_BURST, now());
        }
        return refreshes.take(now());
    }

    private void countPing() {
        if (pings == null) {
            pings = new TokenBucket(PINGS_PER_SECOND, PINGS_BURST, now());
        }
        pings.charge(1);
        long wait = pings.nanosUntilOne(now());
        if (wait > 0 && !isPausedByPings) {
            isPausedByPings = true;
            connection.pauseReading();
            pace.paused(PauseCause.PING);
            connection.loop().schedule(Duration.ofNanos(wait), () -> {
                isPausedByPings = false;
                connection.resumeReading();
            });
        }
    }

    private long now() {
        return connection.loop().now();
    }

    private boolean tryTakeMalformed() {
        if (malformed == null) {
            malformed = new TokenBucket(MALFORMED_PER_SECOND, MALFORMED_BURST, now());
        }
        return malformed.take(now());
    }
}
