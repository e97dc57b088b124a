// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.Peer;
import dev.parley.core.port.Reply;
import dev.parley.core.room.Rooms;
import dev.parley.core.session.Membership;
import dev.parley.core.session.Session;
import dev.parley.json.Text;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the peers in a channel. In a channel of up to {@link Effort#MAX_STEPS} members it reads all of them. In a
 * larger one it reads the peers of the app in order until the page ends, so that no page costs more.
 */
record RosterReport(Cursors cursors) implements Operation {

    @Override
    public Reply perform(Call call) throws Refused {
        String channel = call.channel();
        call.require(Action.PRESENCE, channel);
        Page page = Page.of(call.query(), cursors, Page.MAX_LIMIT);
        Text text = Replies.text().raw("{\"channel\":").string(channel).raw(",\"peers\":[");
        Listing listing = new Listing(page, call.effort(), text);
        Rooms rooms = call.relay().rooms();
        int members = rooms.members(channel);
        if (members > Effort.MAX_STEPS) {
            listing.addAll(call.relay().peers().ids(), "", id -> item(call, id, channel), cursors);
        } else {
            call.effort().add(members);
            for (Peer peer : rooms.roster(channel, page.after(), page.limit() + 1)) {
                if (!listing.add(peer.id(), it -> write(it, peer))) {
                    break;
                }
            }
        }
        return listing.endWithoutNull();
    }

    private static @Nullable Consumer<Text> item(Call call, String id, String channel) {
        for (Session session : call.relay().peers().sessionsOf(id)) {
            for (Membership it = session.newestMembership(); it != null; it = it.older()) {
                call.effort().add(1);
                if (it.isEntered() && it.room().equals(channel)) {
                    return text -> write(text, session.peer());
                }
            }
        }
        return null;
    }

    private static void write(Text text, Peer peer) {
        text.raw("{\"peerId\":").string(peer.id());
        if (peer.metadata() != null) {
            text.raw(",\"metadata\":").json(peer.metadata());
        }
        text.raw("}");
    }
}
