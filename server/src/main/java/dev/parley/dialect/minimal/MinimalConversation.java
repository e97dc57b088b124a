// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.access.SenderPace;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.EventCounter;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Signal;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the two peers of a room: whatever it says goes to the other. */
final class MinimalConversation implements ClientConversation {

    private static final Logger log = LoggerFactory.getLogger(MinimalConversation.class);

    private final Session session;
    private final SenderPace pace;
    private final AppDirectory directory;
    private final String room;
    private final RoomMember member;
    private final int others;
    private final EventCounter received;

    MinimalConversation(
            Session session,
            SenderPace pace,
            AppDirectory directory,
            String room,
            EntryResult.Admitted joined,
            EventCounter received) {
        this.session = session;
        this.pace = pace;
        this.directory = directory;
        this.room = room;
        this.member = joined.member();
        this.others = joined.others();
        this.received = received;
    }

    void began() {
        log.info(
                "join room={} role={} {}/{} connection={}",
                room,
                role(),
                others + 1,
                peers(),
                connection().id());
    }

    @Override
    public void text(Payload payload) {
        relay(Signal.Kind.TEXT, payload);
    }

    @Override
    public void binary(Payload payload) {
        relay(Signal.Kind.BINARY, payload);
    }

    /** Excess pauses reading behind the message. */
    private void relay(Signal.Kind kind, Payload payload) {
        received.add(1);
        pace.charge(1, payload.length());
        member.relay(new Signal(kind, payload));
        pace.settle(connection());
    }

    @Override
    public void ended(ConnectionEnding ending) {
        pace.end();
        MinimalDialect.givePlace(directory, pace.address());
        directory.peers().depart(session);
        int remaining = member.leave();
        session.end();
        log.info(
                "leave room={} role={} {}/{} connection={} {}",
                room,
                role(),
                remaining,
                peers(),
                connection().id(),
                ending.inWords());
    }

    private ClientConnection connection() {
        return session.connection();
    }

    private String role() {
        return others == 0 ? "impolite" : "polite";
    }

    private static int peers() {
        return MinimalDialect.PEERS_PER_ROOM;
    }
}
