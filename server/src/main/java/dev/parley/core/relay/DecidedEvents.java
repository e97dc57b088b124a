// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.SignalHead;
import dev.parley.core.port.UndeliveredReason;
import dev.parley.core.room.DecidedRooms;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.LastingSession;
import dev.parley.core.session.RoomMembership;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import dev.parley.core.session.SignalSource;
import org.jspecify.annotations.Nullable;

/** Applies to the peers and rooms of one app what the {@link Coordinator} tells this node. On its thread. */
final class DecidedEvents {

    /** The group of clients on other nodes: their addresses are not known here. */
    private static final Object OTHER_NODES = "other nodes";

    private final String app;
    private final PeerRegistry peers;
    private final DecidedRooms rooms;
    private final SubmittedSessions sessions;
    private final Coordinator coordinator;

    DecidedEvents(
            String app, PeerRegistry peers, DecidedRooms rooms, SubmittedSessions sessions, Coordinator coordinator) {
        this.app = app;
        this.peers = peers;
        this.rooms = rooms;
        this.sessions = sessions;
        this.coordinator = coordinator;
    }

    void apply(NodeEvent event) {
        switch (event) {
            case NodeEvent.Entered entered -> rooms.put(entered.room(), entered.entry());
            case NodeEvent.Left left -> rooms.remove(left.room(), left.session());
            case NodeEvent.Published published ->
                rooms.publish(published.room(), source(published.head()), origin(published.head()), published.signal());
            case NodeEvent.Sent sent -> {
                announceEntries(sent.to(), sent.head().peer().id());
                peers.deliver(
                        source(sent.head()),
                        origin(sent.head()),
                        sent.to(),
                        sent.signal(),
                        sessions::isArrived,
                        () -> missed(sent));
            }
            case NodeEvent.Arrived arrived ->
                PeerProbe.begin(
                        peers,
                        arrived.peer(),
                        isOneAlive -> submit(new Command.AnswerProbe(app, arrived.newcomer(), isOneAlive)));
            case NodeEvent.ProbeAnswered answered -> sessions.probeAnswered(answered.newcomer(), answered.isOneAlive());
            case NodeEvent.Closed closed -> peers.close(closed.peer(), closed.code());
            case NodeEvent.Reported reported -> report(reported);
        }
    }

    /** Before a signal both peers have to be announced wherever the receiver is: other nodes know of them already. */
    private void announceEntries(String to, String from) {
        for (Session receiver : peers.sessionsOf(to)) {
            for (RoomMembership it = receiver.newestMembership(); it != null; it = it.older()) {
                ((RoomMember) it).announceEntries(from);
            }
        }
    }

    private SignalSource source(SignalHead head) {
        Session session = head.session() == null ? null : sessions.find(head.session());
        Object group = session == null ? OTHER_NODES : session.group();
        return new SignalSource.Decided(head.peer(), group, session);
    }

    private static @Nullable SignalOrigin origin(SignalHead head) {
        return head.session() == null || head.sequence() == 0
                ? null
                : new SignalOrigin(head.session(), head.sequence());
    }

    /** A session of the receiver was busy for too long. */
    private void missed(NodeEvent.Sent sent) {
        SignalOrigin origin = origin(sent.head());
        if (origin != null) {
            long sequence = origin.sequence();
            SessionEvent.Undelivered report =
                    new SessionEvent.Undelivered(sent.to(), sequence, sequence, UndeliveredReason.BUSY);
            submit(new Command.Report(app, origin.sender(), report));
        }
    }

    private void submit(Command command) {
        coordinator.submit(coordinator.state(), command, outcome -> {});
    }

    private void report(NodeEvent.Reported reported) {
        if (sessions.find(reported.sender()) instanceof LastingSession sender) {
            sender.reportUndelivered(reported.event());
        }
    }
}
