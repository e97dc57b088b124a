// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.access.SenderPace;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.EventCounter;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Signal;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.ArrivalAnswer;
import dev.parley.core.relay.SignalAnswers;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.AnswerPause;
import dev.parley.core.session.Session;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the two peers of a room: whatever it sends goes to the other. Nothing it sends before it is in counts. */
final class MinimalConversation implements ClientConversation {

    static final CloseCode ROOM_FULL = new CloseCode(1013, "room full");
    static final CloseCode UNAVAILABLE = new CloseCode(1013, "try again later");

    private static final Logger log = LoggerFactory.getLogger(MinimalConversation.class);
    private static final int PEERS_PER_ROOM = 2;
    private static final MemberInterest INTEREST = new MemberInterest(true, false);

    private final Session session;
    private final SenderPace pace;
    private final AppDirectory directory;
    private final String room;
    private final EventCounter received;

    /** Null until the room has admitted it. */
    private @Nullable RoomMember member;

    /** Members that were there before it. */
    private int others;

    private boolean isOver;

    /** @param session has a place among the connections of the app, which its end gives back */
    MinimalConversation(Session session, SenderPace pace, AppDirectory directory, String room, EventCounter received) {
        this.session = session;
        this.pace = pace;
        this.directory = directory;
        this.room = room;
        this.received = received;
    }

    /** Enters the room, or closes the connection. */
    void join() {
        AnswerPause pause = new AnswerPause(connection());
        try {
            directory.exchange().arrive(session, new ArrivalAnswer(() -> {}, () -> refuse(MinimalDialect.NO_PLACE)));
            directory.exchange().join(room, session, INTEREST, PEERS_PER_ROOM, result -> {
                decided(result);
                pause.end();
            });
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            end(remaining -> {});
            throw e;
        }
        pause.begin();
    }

    private void decided(EntryResult result) {
        switch (result) {
            case EntryResult.Admitted admitted -> admitted(admitted);
            case EntryResult.Full full -> {
                int all = full.capacity();
                log.info(
                        "full room={} {}/{} connection={}",
                        room,
                        all,
                        all,
                        connection().id());
                refuse(ROOM_FULL);
            }
            case EntryResult.Unavailable unavailable -> {
                log.info("unavailable room={} connection={}", room, connection().id());
                refuse(UNAVAILABLE);
            }
        }
    }

    private void admitted(EntryResult.Admitted admitted) {
        if (isOver) {
            directory.exchange().leave(admitted.member(), remaining -> {});
            return;
        }
        member = admitted.member();
        others = admitted.others();
        connection().admitted();
        log.info(
                "join room={} role={} {}/{} connection={}",
                room,
                role(),
                others + 1,
                PEERS_PER_ROOM,
                connection().id());
    }

    /** Gives back at once what it has taken: its socket may take a while to close. */
    private void refuse(CloseCode code) {
        end(remaining -> {});
        connection().close(code);
    }

    @Override
    public void text(Payload payload) {
        relay(Signal.Kind.TEXT, payload);
    }

    @Override
    public void binary(Payload payload) {
        relay(Signal.Kind.BINARY, payload);
    }

    /** Relays the message; excess pauses reading after it. */
    private void relay(Signal.Kind kind, Payload payload) {
        if (isOver) {
            return;
        }
        received.add(1);
        pace.charge(1, payload.length());
        directory.exchange().publish(room, session, new Signal(kind, payload), null, 0, null, SignalAnswers.NONE);
        pace.settle(connection());
    }

    @Override
    public void ended(ConnectionEnding ending) {
        end(remaining -> log.info(
                "leave room={} role={} {}/{} connection={} {}",
                room,
                role(),
                remaining,
                PEERS_PER_ROOM,
                connection().id(),
                ending.inWords()));
    }

    /**
     * Gives back what it has taken, unless that was done.
     *
     * @param remaining is given how many members remain, if it was one
     */
    private void end(IntConsumer remaining) {
        if (isOver) {
            return;
        }
        isOver = true;
        pace.end();
        MinimalDialect.givePlace(directory, pace.address());
        directory.exchange().depart(session);
        if (member != null) {
            directory.exchange().leave(member, remaining);
        }
        session.end();
    }

    private ClientConnection connection() {
        return session.connection();
    }

    private String role() {
        return others == 0 ? "impolite" : "polite";
    }
}
