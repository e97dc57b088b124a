// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
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
        PageWriter listing = new PageWriter(
                NamePage.of(query, cursors), call.effort(), JsonReplies.text().raw("{\"channels\":["));
        listing.addAll(
                call.directory().rooms().names(), query.value("prefix", ""), channel -> item(call, channel), cursors);
        answer.accept(listing.end());
    }

    private static @Nullable Consumer<JsonBuilder> item(ApiCall call, String channel) {
        RoomRegistry rooms = call.directory().rooms();
        return call.effort().compare(channel, call.covered(), null)
                ? text -> text.raw("{\"channel\":")
                        .string(channel)
                        .raw(",\"peers\":")
                        .number(rooms.peers(channel))
                        .raw("}")
                : null;
    }
}
