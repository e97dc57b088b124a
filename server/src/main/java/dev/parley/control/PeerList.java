// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Names;
import dev.parley.core.port.Peer;
import dev.parley.core.port.Reply;
import dev.parley.core.room.Rooms;
import dev.parley.json.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells who is connected, and in which channels, of those the key covers. */
record PeerList() implements Operation {

    private static final SortedSet<String> NO_CHANNELS = new TreeSet<>();

    /**
     * A peer while it is connected.
     *
     * @param connections how many it has
     */
    private record Present(Peer peer, int connections) {}

    @Override
    public Reply perform(Call call) throws Refused {
        call.require(Action.PRESENCE);
        Query query = call.query();
        Page page = Page.of(query);
        ChannelPattern pattern = pattern(query.value("channels"));
        Map<String, SortedSet<String>> channels = channelsByPeer(call, pattern);
        Map<String, Present> present = presentById(call);
        Stream<String> ids = present.keySet().stream().filter(id -> pattern == null || channels.containsKey(id));
        return reply(page.of(ids), present, channels);
    }

    private static @Nullable ChannelPattern pattern(@Nullable String text) throws Refused {
        if (text == null) {
            return null;
        }
        if (!Names.isChannel(text)) {
            throw Refused.invalid("\"channels\" must be a pattern of 1 to 256 characters without control characters");
        }
        return ChannelPattern.of(text);
    }

    private static Map<String, SortedSet<String>> channelsByPeer(Call call, @Nullable ChannelPattern pattern) {
        Map<String, SortedSet<String>> channels = new HashMap<>();
        Rooms rooms = call.relay().rooms();
        for (String name : rooms.names()) {
            if (call.covered().include(name) && (pattern == null || pattern.matches(name))) {
                for (Peer peer : rooms.roster(name)) {
                    channels.computeIfAbsent(peer.id(), id -> new TreeSet<>()).add(name);
                }
            }
        }
        return channels;
    }

    private static Map<String, Present> presentById(Call call) {
        Map<String, Present> present = new HashMap<>();
        call.relay().peers().present().forEach((peer, count) -> present.put(peer.id(), new Present(peer, count)));
        return present;
    }

    private static Reply reply(Page.Names page, Map<String, Present> present, Map<String, SortedSet<String>> channels) {
        Text text = Replies.text().raw("{\"peers\":[");
        String separator = "{\"peerId\":";
        for (String id : page.names()) {
            Present peer = present.get(id);
            if (peer == null) {
                throw new IllegalStateException("a page of others");
            }
            write(text.raw(separator), peer, channels.getOrDefault(id, NO_CHANNELS));
            separator = ",{\"peerId\":";
        }
        return Replies.ok(page.end(text));
    }

    private static void write(Text text, Present present, SortedSet<String> channels) {
        text.string(present.peer().id());
        if (present.peer().metadata() != null) {
            text.raw(",\"metadata\":").json(present.peer().metadata());
        }
        text.raw(",\"connections\":").number(present.connections()).raw(",\"channels\":[");
        String separator = "";
        for (String channel : channels) {
            text.raw(separator).string(channel);
            separator = ",";
        }
        text.raw("]}");
    }
}
