// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.GrantDenial;
import dev.parley.core.port.HttpReply;

/** A request is not done. What the answer says repeats nothing of the request. */
final class ApiRefusedException extends Exception {

    private final transient HttpReply reply;

    ApiRefusedException(HttpReply reply) {
        super("refused", null, false, false);
        this.reply = reply;
    }

    /** The request is not what it must be. */
    static ApiRefusedException invalid(String whatItMustBe) {
        return new ApiRefusedException(JsonReplies.error(400, JsonReplies.INVALID_REQUEST, whatItMustBe));
    }

    /** Returns the refusal of a channel that is reserved for the server. */
    static ApiRefusedException reserved() {
        return new ApiRefusedException(JsonReplies.error(
                400, "channel_reserved", "names that begin with _metered/, _internal/ or _system/ are reserved"));
    }

    /** The key does not cover this action, or not in this channel. */
    static ApiRefusedException denied(GrantDenial denial, Action action) {
        return new ApiRefusedException(
                switch (denial) {
                    case ACTION ->
                        JsonReplies.error(
                                403, "action_not_permitted", "the key does not allow \"" + action.word() + "\"");
                    case CHANNEL ->
                        JsonReplies.error(403, "channel_not_authorized", "the key's patterns do not cover the channel");
                });
    }

    HttpReply reply() {
        return reply;
    }
}
