// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;
import dev.parley.json.JsonBuilder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the peers in a channel. In a channel of up to {@link RequestEffort#MAX_STEPS} members it reads all of them. In
 * a larger one it reads the peers of the app in order until the page ends, so that no page costs more.
 */
record RosterReport(PageCursors cursors) implements ApiOperation {

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException {
        String channel = call.channel();
        call.require(Action.PRESENCE, channel);
        NamePage page = NamePage.of(call.query(), cursors, NamePage.MAX_LIMIT);
        JsonBuilder text =
                JsonReplies.text().raw("{\"channel\":").string(channel).raw(",\"peers\":[");
        PageWriter listing = new PageWriter(page, call.effort(), text);
        boolean isGathered = call.directory().exchange().gather(page.query(ListQuery.Kind.ROSTER, channel), part -> {
            if (part == null) {
                answer.accept(JsonReplies.INCOMPLETE);
            } else {
                listing.addAll(part, it -> json -> write(json, new PeerIdentity(it.name(), it.metadata())), cursors);
                answer.accept(listing.endWithoutNull());
            }
        });
        if (!isGathered) {
            addAll(call, channel, page, listing);
            answer.accept(listing.endWithoutNull());
        }
    }

    private void addAll(ApiCall call, String channel, NamePage page, PageWriter listing) {
        RoomRegistry rooms = call.directory().rooms();
        int members = rooms.members(channel);
        if (members > RequestEffort.MAX_STEPS) {
            listing.addAll(call.directory().peers().ids(), "", id -> item(call, id, channel), cursors);
        } else {
            call.effort().add(members);
            for (PeerIdentity peer : rooms.roster(channel, page.after(), page.limit() + 1)) {
                if (!listing.add(peer.id(), it -> write(it, peer))) {
                    break;
                }
            }
        }
    }

    private static @Nullable Consumer<JsonBuilder> item(ApiCall call, String id, String channel) {
        for (Session session : call.directory().peers().sessionsOf(id)) {
            for (RoomMembership it = session.newestMembership(); it != null; it = it.older()) {
                call.effort().add(1);
                if (it.isEntered() && it.room().equals(channel)) {
                    return text -> write(text, session.peer());
                }
            }
        }
        return null;
    }

    private static void write(JsonBuilder text, PeerIdentity peer) {
        text.raw("{\"peerId\":").string(peer.id());
        if (peer.metadata() != null) {
            text.raw(",\"metadata\":").json(peer.metadata());
        }
        text.raw("}");
    }
}
