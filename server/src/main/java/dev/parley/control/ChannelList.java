// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.Reply;
import dev.parley.core.room.Rooms;
import dev.parley.json.Text;
import java.util.stream.Stream;

/** Tells which channels somebody is in, of those the key covers. */
record ChannelList() implements Operation {

    @Override
    public Reply perform(Call call) throws Refused {
        call.require(Action.PRESENCE);
        Query query = call.query();
        Page.Names page = Page.of(query).of(names(call, query.value("prefix", "")));
        Rooms rooms = call.relay().rooms();
        Text text = Replies.text().raw("{\"channels\":[");
        String separator = "{\"channel\":";
        for (String channel : page.names()) {
            text.raw(separator)
                    .string(channel)
                    .raw(",\"peers\":")
                    .number(rooms.roster(channel).size())
                    .raw("}");
            separator = ",{\"channel\":";
        }
        return Replies.ok(page.end(text));
    }

    /** Without names no URL can hold: one of them as the last of a page would lead nowhere. */
    private static Stream<String> names(Call call, String prefix) {
        return call.relay().rooms().names().stream()
                .filter(name -> name.startsWith(prefix) && call.covered().include(name) && Percent.canEncode(name));
    }
}
