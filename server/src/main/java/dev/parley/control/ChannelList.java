// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.ListQuery;
import dev.parley.core.room.RoomRegistry;
import dev.parley.json.JsonBuilder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lists the channels that the key covers. Reads the names of the page and those between them, and no members. */
record ChannelList(PageCursors cursors) implements ApiOperation {

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException {
        call.require(Action.PRESENCE);
        QueryParameters query = call.query();
        String prefix = query.value("prefix", "");
        NamePage page = NamePage.of(query, cursors);
        PageWriter listing =
                new PageWriter(page, call.effort(), JsonReplies.text().raw("{\"channels\":["));
        boolean isGathered = call.directory().exchange().gather(page.query(ListQuery.Kind.ROOMS, prefix), part -> {
            if (part == null) {
                answer.accept(JsonReplies.INCOMPLETE);
            } else {
                listing.addAll(part, it -> item(call, it.name(), it.count()), cursors);
                answer.accept(listing.end());
            }
        });
        if (!isGathered) {
            RoomRegistry rooms = call.directory().rooms();
            listing.addAll(rooms.names(), prefix, channel -> item(call, channel, rooms.peers(channel)), cursors);
            answer.accept(listing.end());
        }
    }

    private static @Nullable Consumer<JsonBuilder> item(ApiCall call, String channel, int peers) {
        return call.effort().compare(channel, call.covered(), null)
                ? text -> text.raw("{\"channel\":")
                        .string(channel)
                        .raw(",\"peers\":")
                        .number(peers)
                        .raw("}")
                : null;
    }
}
