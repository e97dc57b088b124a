// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import java.util.Locale;

/** Why a message was not acted on. The connection stays open. */
enum ErrorCode {
    MALFORMED_MESSAGE("not a JSON object with a string \"type\", or one of its fields is not what it must be"),
    UNKNOWN_TYPE("the server knows no message of this type; docs/protocol.md lists them"),
    INVALID_CHANNEL("\"channel\" must be a string of 1 to 256 characters without control characters"),
    CHANNEL_RESERVED("names with this prefix are the server's own; choose another name"),
    ACTION_NOT_PERMITTED("the key's `actions`, or the token's `permissions`, lack this action; add it there"),
    CHANNEL_NOT_AUTHORIZED("the patterns of the key or token do not cover this channel; add one to its \"channels\""),
    CHANNEL_LIMIT_EXCEEDED(
            "this connection is in as many channels, or the app has as many patterns, as allowed; leave one, or"
                    + " raise the limit"),
    CHANNEL_FULL("the channel has as many peers, or as many from this address, as it may; try again when one has left"),
    INVALID_PEER_ID("\"to\" must be a string of 1 to 128 characters without control characters"),
    PEER_NOT_FOUND("no client with this peer id is connected now"),
    RECEIVER_BUSY("the peer takes signals more slowly than they are sent to it; try again"),
    MISSING_DATA("\"data\" is missing; it may be any JSON value, null included"),
    MESSAGE_TOO_BIG(
            "\"data\" has more bytes than \"maxMessageSize\" of the welcome; send less, or raise limits.messageBytes"),
    OVER_MESSAGE_QUOTA(
            "the app has used its quota of messages for this period; raise the quota, or wait for the next period"),
    INVALID_TOKEN("\"token\" is not a valid token of this peer; get one with its peer id"),
    TOKEN_EXPIRED("the token has expired; send a newer one"),
    UNAVAILABLE("it could not be decided in time, and may or may not have been done; try again"),
    BACKEND_ERROR("the token cannot be checked now; try again");

    private final String code;
    private final String explanation;

    ErrorCode(String explanation) {
        this.code = name().toLowerCase(Locale.ROOT);
        this.explanation = explanation;
    }

    /** Returns the code, for programs. */
    String code() {
        return code;
    }

    /** Returns the explanation, for people. */
    String explanation() {
        return explanation;
    }
}
