// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.NameRules;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;
import dev.parley.json.JsonBuilder;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the peers that are connected, each with its channels that the key covers. Reads the peers of the page, those
 * between them that are not listed, and the channels of each; no other peer and no other channel.
 */
record PeerList(PageCursors cursors) implements ApiOperation {

    /** Channels of one peer that are listed at most. */
    static final int MAX_CHANNELS = 1000;

    /** The list of one peer's channels ends after so many bytes. */
    static final int MAX_CHANNEL_BYTES = 64 << 10;

    /**
     * The channels of a peer.
     *
     * @param names those to be listed
     * @param isPart whether the peer may be in further ones
     */
    private record In(NavigableSet<String> names, boolean isPart) {}

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException {
        call.require(Action.PRESENCE);
        QueryParameters query = call.query();
        ChannelPattern pattern = pattern(query.value("channels"));
        NamePage page = NamePage.of(query, cursors);
        PageWriter listing =
                new PageWriter(page, call.effort(), JsonReplies.text().raw("{\"peers\":["));
        boolean isGathered = call.directory().exchange().gather(page.query(ListQuery.Kind.PEERS, ""), part -> {
            if (part == null) {
                answer.accept(JsonReplies.INCOMPLETE);
            } else {
                listing.addAll(part, it -> item(call, it, pattern), cursors);
                answer.accept(listing.end());
            }
        });
        if (!isGathered) {
            listing.addAll(call.directory().peers().ids(), "", id -> item(call, id, pattern), cursors);
            answer.accept(listing.end());
        }
    }

    private static @Nullable Consumer<JsonBuilder> item(
            ApiCall call, ListPart.Item found, @Nullable ChannelPattern pattern) {
        NavigableSet<String> names = new TreeSet<>();
        for (String room : found.rooms()) {
            call.effort().add(1);
            if (call.effort().compare(room, call.covered(), pattern)) {
                names.add(room);
            }
        }
        PeerIdentity peer = new PeerIdentity(found.name(), found.metadata());
        boolean isListed = pattern == null || !names.isEmpty();
        return isListed ? text -> write(text, peer, found.count(), new In(names, !found.isWhole())) : null;
    }

    private static @Nullable ChannelPattern pattern(@Nullable String text) throws ApiRefusedException {
        if (text == null) {
            return null;
        }
        if (!NameRules.isChannel(text)) {
            throw ApiRefusedException.invalid(
                    "\"channels\" must be a pattern of 1 to 256 characters without control characters");
        }
        return ChannelPattern.of(text);
    }

    private static @Nullable Consumer<JsonBuilder> item(ApiCall call, String id, @Nullable ChannelPattern pattern) {
        List<Session> sessions = call.directory().peers().sessionsOf(id);
        if (sessions.isEmpty()) {
            return null; // it left a moment ago
        }
        In in = channels(call, sessions, pattern);
        boolean isListed = pattern == null || !in.names().isEmpty();
        return isListed ? text -> write(text, sessions.getFirst().peer(), sessions.size(), in) : null;
    }

    private static In channels(ApiCall call, List<Session> sessions, @Nullable ChannelPattern pattern) {
        NavigableSet<String> names = new TreeSet<>();
        RequestEffort effort = call.effort();
        int most = effort.steps() + RequestEffort.MAX_STEPS;
        boolean isPart = false;
        for (Session session : sessions) {
            effort.add(1);
            for (RoomMembership it = session.newestMembership(); it != null; it = it.older()) {
                if (effort.steps() > most) {
                    return new In(names, true);
                }
                effort.add(1);
                if (it.isEntered()
                        && effort.compare(it.room(), call.covered(), pattern)
                        && names.add(it.room())
                        && names.size() > MAX_CHANNELS) {
                    names.pollLast();
                    isPart = true;
                }
            }
        }
        return new In(names, isPart);
    }

    private static void write(JsonBuilder text, PeerIdentity peer, int connections, In in) {
        text.raw("{\"peerId\":").string(peer.id());
        if (peer.metadata() != null) {
            text.raw(",\"metadata\":").json(peer.metadata());
        }
        text.raw(",\"connections\":").number(connections).raw(",\"channels\":[");
        int most = text.length() + MAX_CHANNEL_BYTES;
        boolean isPart = in.isPart();
        String separator = "";
        for (String channel : in.names()) {
            if (text.length() > most) {
                isPart = true;
                break;
            }
            text.raw(separator).string(channel);
            separator = ",";
        }
        text.raw(isPart ? "],\"moreChannels\":true}" : "]}");
    }
}
