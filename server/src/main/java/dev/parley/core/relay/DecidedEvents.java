// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Requester;
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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Applies to the peers and rooms of one app what the {@link Coordinator} tells this node. On its thread. */
final class DecidedEvents {

    private final String app;
    private final PeerRegistry peers;
    private final DecidedRooms rooms;
    private final SubmittedSessions sessions;
    private final AppLists lists;
    private final Coordinator coordinator;
    private final DecisionQueue queue;

    /** The questions of this node that are not answered, by number. */
    private final Map<Long, ListQuestion> questions = new HashMap<>();

    private long questionsAsked;

    DecidedEvents(
            String app,
            PeerRegistry peers,
            DecidedRooms rooms,
            SubmittedSessions sessions,
            AppLists lists,
            OrderedCoordinator coordinator) {
        this.app = app;
        this.peers = peers;
        this.rooms = rooms;
        this.sessions = sessions;
        this.lists = lists;
        this.coordinator = coordinator;
        this.queue = coordinator.queue();
    }

    /** Applies an event behind those that wait. */
    void apply(NodeEvent event) {
        switch (event) {
            case NodeEvent.Published published ->
                queue.apply(
                        () -> rooms.receivers(published.room()),
                        published.signal().payload().length(),
                        () -> applyNow(event));
            case NodeEvent.Sent sent ->
                queue.apply(
                        () -> peers.sessions(sent.to()), sent.signal().payload().length(), () -> applyNow(event));
            default -> queue.apply(() -> applyNow(event));
        }
    }

    private void applyNow(NodeEvent event) {
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
                        isOneAlive -> submit(
                                ofNode(arrived.peer()), new Command.AnswerProbe(app, arrived.newcomer(), isOneAlive)));
            case NodeEvent.ProbeAnswered answered -> sessions.probeAnswered(answered.newcomer(), answered.isOneAlive());
            case NodeEvent.Asked asked ->
                submit(
                        Requester.BACK_END,
                        new Command.Answer(app, asked.node(), asked.number(), lists.read(asked.query())));
            case NodeEvent.Answered answered -> {
                ListQuestion question = questions.get(answered.number());
                if (question != null) {
                    question.answered(answered.part());
                }
            }
            case NodeEvent.Closed closed -> peers.close(closed.peer(), closed.code());
            case NodeEvent.Reported reported -> report(reported);
        }
    }

    /**
     * Asks all nodes for a part of a list. Safe from any thread.
     *
     * @param answer is given the part, on the coordinator's loop; null if a node did not answer in time
     */
    void ask(ListQuery query, Consumer<@Nullable ListPart> answer) {
        coordinator.loop().post(() -> {
            long number = ++questionsAsked;
            ListQuestion question = new ListQuestion(coordinator.loop(), part -> {
                questions.remove(number);
                answer.accept(part);
            });
            questions.put(number, question);
            coordinator.submit(
                    coordinator.state(),
                    Requester.BACK_END,
                    new Command.Ask(app, number, query),
                    outcome -> question.asked(outcome instanceof Outcome.Reached nodes ? nodes.sessions() : -1));
        });
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
        return new SignalSource.Decided(head.peer(), head.address(), session);
    }

    private static @Nullable SignalOrigin origin(SignalHead head) {
        return head.session() == null || head.sequence() == 0
                ? null
                : new SignalOrigin(head.session(), head.sequence());
    }

    /** A session of the receiver was busy for too long. */
    private void missed(NodeEvent.Sent sent) {
        SignalHead head = sent.head();
        if (head.session() != null) {
            SessionEvent.Undelivered report =
                    new SessionEvent.Undelivered(sent.to(), head.sequence(), head.sequence(), UndeliveredReason.BUSY);
            submit(ofNode(sent.to()), new Command.Report(app, head.session(), report));
        }
    }

    /** Returns the requester of what this node does for a peer of any address. */
    private static Requester ofNode(String peer) {
        return new Requester("", peer);
    }

    private void submit(Requester requester, Command command) {
        coordinator.submit(coordinator.state(), requester, command, outcome -> {});
    }

    private void report(NodeEvent.Reported reported) {
        Session sender = sessions.find(reported.sender());
        if (sender instanceof LastingSession lasting) {
            lasting.reportUndelivered(reported.event());
        } else if (sender != null) {
            sender.loop().post(() -> sender.reportMissed(reported.event()));
        }
    }
}
