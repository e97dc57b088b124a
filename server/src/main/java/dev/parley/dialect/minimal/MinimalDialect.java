// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Peer;
import dev.parley.core.port.Request;
import dev.parley.core.room.Entry;
import dev.parley.core.room.Interest;
import dev.parley.core.room.Rooms;
import dev.parley.core.session.Session;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two peers a room. {@code /} is the default room, {@code /minimal/{room}} are the others; a room is named by its path,
 * in the logs too.
 */
public final class MinimalDialect implements Dialect {

    static final int PEERS_PER_ROOM = 2;
    static final CloseCode ROOM_FULL = new CloseCode(1013, "room full");

    private static final Logger log = LoggerFactory.getLogger(MinimalDialect.class);
    private static final Interest INTEREST = new Interest(true, false);
    private static final Pattern PATH = Pattern.compile("/|/minimal/[A-Za-z0-9_-]{1,64}");

    private final Rooms rooms;
    private final int maxUnderwayBytes;

    /**
     * The dialect, with no rooms yet.
     *
     * @param maxUnderwayBytes see {@link Session}
     */
    public MinimalDialect(Frames frames, int maxUnderwayBytes) {
        this.rooms = new Rooms(room -> PEERS_PER_ROOM, new Words(frames));
        this.maxUnderwayBytes = maxUnderwayBytes;
    }

    @Override
    public Reception receive(Request request) {
        String path = request.path();
        return PATH.matcher(path).matches() ? new Accepted(connection -> open(connection, path)) : new NotServed();
    }

    /** How many rooms exist. */
    public int rooms() {
        return rooms.count();
    }

    private Conversation open(Connection connection, String room) {
        Peer peer = new Peer(Long.toString(connection.id()), null);
        Session session = new Session(connection, peer, maxUnderwayBytes, () -> {});
        return switch (rooms.join(room, session, INTEREST)) {
            case Entry.Admitted admitted -> {
                connection.admitted();
                MinimalConversation conversation = new MinimalConversation(connection.id(), room, admitted);
                conversation.began();
                yield conversation;
            }
            case Entry.Full full -> {
                log.info("full room={} {}/{} connection={}", room, full.capacity(), full.capacity(), connection.id());
                connection.close(ROOM_FULL);
                yield new RefusedConversation();
            }
        };
    }
}
