// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.session.GuardedTask;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The grant of a client, which newer tokens replace. When it ends, the connection is closed. On its loop. */
final class ClientGrant {

    /** The connection is closed this long before the grant ends, so that no message is handled after the end. */
    private static final long AHEAD_MILLIS = 250;

    /** The clock may jump, after a sleep for example, so it is looked at again and again. */
    private static final Duration STEP = Duration.ofMinutes(15);

    private final ClientConnection connection;
    private final InstantSource clock;
    private Grant grant;
    private @Nullable LoopTimer timer;

    /** A token the client brought is being checked. */
    private boolean isRefreshing;

    /** The client is gone. */
    private boolean isOver;

    /** A grant whose end does not count before it is {@link #replace set}. */
    ClientGrant(ClientConnection connection, InstantSource clock, Grant first) {
        this.connection = connection;
        this.clock = clock;
        this.grant = first;
    }

    /** Returns what the client may do. */
    Grant get() {
        return grant;
    }

    /** Whether the grant has expired, or does so within {@link #AHEAD_MILLIS}. */
    static boolean isDue(Grant grant, InstantSource clock) {
        return grant.expiresAt() != Grant.NEVER && millisLeft(grant.expiresAt(), clock) <= 0;
    }

    /** This is what the client may do from now on; unless its end has come, when this returns false. */
    boolean replace(Grant newer) {
        if (isDue(newer, clock)) {
            return false;
        }
        cancel();
        grant = newer;
        if (newer.expiresAt() != Grant.NEVER) {
            waitFor(newer.expiresAt());
        }
        return true;
    }

    /** Whether a token is being checked: there is one at a time, so that the token acknowledged last is in force. */
    boolean isRefreshing() {
        return isRefreshing;
    }

    /**
     * Checks a newer token and takes its grant. What the peer shows to others stays as they received it.
     *
     * @param peerId the client's, for which the token must be
     * @param answer is given null if the client has the newer grant; nothing once the client is gone
     */
    void refresh(String token, String peerId, CredentialCheck tokens, Consumer<@Nullable ErrorCode> answer) {
        isRefreshing = true;
        tokens.check(
                token,
                result -> connection.loop().post(new GuardedTask(connection, () -> {
                    isRefreshing = false;
                    if (!isOver) {
                        answer.accept(refreshed(result, peerId));
                    }
                })));
    }

    private @Nullable ErrorCode refreshed(AuthenticationResult result, String peerId) {
        return switch (result) {
            case AuthenticationResult.Granted granted -> refreshed(granted.grant(), peerId);
            case AuthenticationResult.Expired expired -> ErrorCode.TOKEN_EXPIRED;
            case AuthenticationResult.Unknown unknown -> ErrorCode.BACKEND_ERROR;
            case AuthenticationResult.Invalid invalid -> ErrorCode.INVALID_TOKEN;
            case AuthenticationResult.Useless useless -> ErrorCode.INVALID_TOKEN;
            case AuthenticationResult.Suspended suspended -> ErrorCode.INVALID_TOKEN;
        };
    }

    private @Nullable ErrorCode refreshed(Grant newer, String peerId) {
        boolean isForThisPeer =
                newer.app().equals(grant.app()) && newer.peer().id().equals(peerId);
        boolean isHonoured =
                newer.authority().standing() == GrantAuthority.Standing.HONOURED; // or was, when it was checked
        if (!isForThisPeer || !isHonoured) {
            return ErrorCode.INVALID_TOKEN;
        }
        return replace(newer) ? null : ErrorCode.TOKEN_EXPIRED;
    }

    /** Ends the timers: the client is gone. */
    void end() {
        isOver = true;
        cancel();
    }

    /** Whether the client is gone. */
    boolean isOver() {
        return isOver;
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void waitFor(long end) {
        long left = Math.max(millisLeft(end, clock), 0);
        Duration step = Duration.ofMillis(Math.min(left, STEP.toMillis()));
        timer = connection.loop().schedule(step, new GuardedTask(connection, () -> look(end)));
    }

    private void look(long end) {
        if (millisLeft(end, clock) <= 0) {
            connection.close(V1CloseCodes.TOKEN_EXPIRED);
        } else {
            waitFor(end);
        }
    }

    private static long millisLeft(long end, InstantSource clock) {
        return end * 1000 - AHEAD_MILLIS - clock.millis();
    }
}
