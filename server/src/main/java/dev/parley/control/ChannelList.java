// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.Reply;
import dev.parley.core.room.Rooms;
import dev.parley.json.Text;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lists the channels that the key covers. Reads the names of the page and those between them, and no members. */
record ChannelList(Cursors cursors) implements Operation {

    @Override
    public Reply perform(Call call) throws Refused {
        call.require(Action.PRESENCE);
        Query query = call.query();
        Listing listing = new Listing(
                Page.of(query, cursors), call.effort(), Replies.text().raw("{\"channels\":["));
        listing.addAll(
                call.relay().rooms().names(), query.value("prefix", ""), channel -> item(call, channel), cursors);
        return listing.end();
    }

    private static @Nullable Consumer<Text> item(Call call, String channel) {
        Rooms rooms = call.relay().rooms();
        return call.effort().compare(channel, call.covered(), null)
                ? text -> text.raw("{\"channel\":")
                        .string(channel)
                        .raw(",\"peers\":")
                        .number(rooms.peers(channel))
                        .raw("}")
                : null;
    }
}
