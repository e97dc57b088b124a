// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.SessionEnd;
import org.jspecify.annotations.Nullable;

/** Why v1 closes a connection. Clients do not come back by themselves after 4001, 4003 and 4012. */
final class V1CloseCodes {

    static final CloseCode TOO_EARLY = new CloseCode(1008, "message before welcome");
    static final CloseCode TOO_MANY_MALFORMED = new CloseCode(1008, "too many malformed messages");
    static final CloseCode NUMBER_MISSING = new CloseCode(1008, "a number is missing");
    static final CloseCode TRY_AGAIN_LATER = new CloseCode(1013, "the token cannot be checked now");
    static final CloseCode INVALID_TOKEN = new CloseCode(4001, "invalid_token");
    static final CloseCode TOKEN_EXPIRED = new CloseCode(4002, "token_expired");
    static final CloseCode CHANNEL_NOT_AUTHORIZED = new CloseCode(4003, "channel_not_authorized");
    static final CloseCode OVER_CONCURRENT_LIMIT = new CloseCode(4010, "over_concurrent_limit");
    static final CloseCode ACCOUNT_SUSPENDED = new CloseCode(4012, "account_suspended");

    /** Why a session that outlives its sockets is over with such a close; null if its client may come back to it. */
    static @Nullable SessionEnd sessionEnd(CloseCode code) {
        return switch (code.number()) {
            case 1001 -> SessionEnd.GOING_AWAY;
            case 1011 -> SessionEnd.STATE_LOST;
            case 4001, 4003, 4012, 4020, 4501 -> SessionEnd.REVOKED;
            case 4010 -> SessionEnd.REVOKED; // it was refused by what decides for all servers, before its welcome
            case 4500 -> SessionEnd.REPLACED;
            default -> null;
        };
    }

    private V1CloseCodes() {}
}
