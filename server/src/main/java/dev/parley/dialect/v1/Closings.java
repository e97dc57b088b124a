// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.CloseCode;

/** Why v1 closes a connection. Clients do not come back by themselves after 4001, nor after 4002 as their first answer. */
final class Closings {

    static final CloseCode TOO_EARLY = new CloseCode(1008, "message before welcome");
    static final CloseCode INVALID_TOKEN = new CloseCode(4001, "invalid_token");
    static final CloseCode TOKEN_EXPIRED = new CloseCode(4002, "token_expired");
    static final CloseCode OVER_MESSAGE_RATE = new CloseCode(4011, "over_message_rate");

    private Closings() {}
}
