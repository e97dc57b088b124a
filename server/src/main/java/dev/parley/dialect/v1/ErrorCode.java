// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import java.util.Locale;

/** Why a message was not acted on. The connection stays open. */
enum ErrorCode {
    MALFORMED_MESSAGE("not a JSON object with a string \"type\", or one of its fields is not what it must be"),
    UNKNOWN_TYPE("the server knows no such type"),
    INVALID_CHANNEL("\"channel\" must be a string of 1 to 256 characters without control characters"),
    CHANNEL_RESERVED("channels of this prefix belong to the server"),
    ACTION_NOT_PERMITTED("the credential does not allow this action"),
    CHANNEL_NOT_AUTHORIZED("the credential does not cover this channel"),
    CHANNEL_LIMIT_EXCEEDED("this connection holds as many channels, or the app as many patterns, as it may"),
    CHANNEL_FULL("the channel takes no more peers, or no more from this address"),
    INVALID_PEER_ID("\"to\" must be a string of 1 to 128 characters without control characters"),
    PEER_NOT_FOUND("nobody of this peer id is connected"),
    RECEIVER_BUSY("the peer takes signals more slowly than they are sent to it; try again"),
    MISSING_DATA("\"data\" is missing; it may be any JSON value, null included"),
    MESSAGE_TOO_BIG("\"data\" has more bytes than \"maxMessageSize\" of the welcome"),
    OVER_MESSAGE_QUOTA("the app has sent all the messages it may in this period"),
    INVALID_TOKEN("\"token\" is none for this peer"),
    TOKEN_EXPIRED("the token has expired"),
    BACKEND_ERROR("the token cannot be checked now; try again");

    private final String code;
    private final String explanation;

    ErrorCode(String explanation) {
        this.code = name().toLowerCase(Locale.ROOT);
        this.explanation = explanation;
    }

    /** What programs read. */
    String code() {
        return code;
    }

    /** What people read. */
    String explanation() {
        return explanation;
    }
}
