// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.Denial;
import dev.parley.core.port.Reply;

/** A request is not done. What the answer says repeats nothing of the request. */
final class Refused extends Exception {

    private final transient Reply reply;

    Refused(Reply reply) {
        super("refused", null, false, false);
        this.reply = reply;
    }

    /** The request is not what it must be. */
    static Refused invalid(String whatItMustBe) {
        return new Refused(Replies.error(400, Replies.INVALID_REQUEST, whatItMustBe));
    }

    /** The channel belongs to the server. */
    static Refused reserved() {
        return new Refused(Replies.error(
                400, "channel_reserved", "names that begin with _metered/, _internal/ or _system/ are reserved"));
    }

    /** The key does not cover this action, or not in this channel. */
    static Refused denied(Denial denial, Action action) {
        return new Refused(
                switch (denial) {
                    case ACTION ->
                        Replies.error(403, "action_not_permitted", "the key does not allow \"" + action.word() + "\"");
                    case CHANNEL ->
                        Replies.error(403, "channel_not_authorized", "the key's patterns do not cover the channel");
                });
    }

    Reply reply() {
        return reply;
    }
}
