// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Command;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.Payload;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.Requester;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.core.room.DecidedRooms;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.PublishedNames;
import dev.parley.core.room.RoomMember;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.AppDeliveries;
import dev.parley.core.session.Session;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has a {@link Coordinator} decide for the sessions of all nodes, and applies here what was decided, in that order:
 * rooms change by nothing else. Answers are posted to the loop of the session that asked, behind all that was applied
 * before.
 */
final class ClusterExchange implements AppExchange {

    /**
     * What a command counts besides its signal while it is under way. The sender is charged for its receivers when it
     * is decided, so few may be under way at once.
     */
    private static final int COMMAND_BYTES = 1024;

    /** So many sessions are taken to hear a room of which this node knows nothing. */
    private static final int UNKNOWN = 400;

    private final String app;
    private final PeerRegistry peers;
    private final DecidedRooms rooms;
    private final AppDeliveries submissions;
    private final OrderedCoordinator coordinator;
    private final SubmittedSessions sessions;
    private final DecidedEvents events;
    private final PatternPrices prices;

    /**
     * Nothing is decided yet.
     *
     * @param submissions the turns of signals for many
     * @param deliveries the turns of signals for many that were decided
     * @param ofNode decides for all apps
     */
    ClusterExchange(
            String app,
            PeerRegistry peers,
            RoomRegistry rooms,
            AppUsage usage,
            AppDeliveries submissions,
            AppDeliveries deliveries,
            Coordinator ofNode) {
        this.app = app;
        this.peers = peers;
        this.rooms = new DecidedRooms(rooms);
        this.submissions = submissions;
        this.coordinator =
                new OrderedCoordinator(ofNode, new DecisionQueue(deliveries, ofNode.loop(), this.rooms::takeSteps));
        this.sessions = new SubmittedSessions(app, this.rooms, usage, coordinator);
        this.prices = new PatternPrices(app, this.rooms, coordinator);
        this.events = new DecidedEvents(app, peers, this.rooms, sessions, new AppLists(peers, rooms), coordinator);
    }

    private SessionId id(Session session) {
        return sessions.id(session);
    }

    private SubmittedSessions.Submitted of(Session session) {
        return sessions.of(session);
    }

    // What sessions ask for.

    @Override
    public EarlierSessions arrive(Session session, ArrivalAnswer answer) {
        EarlierSessions earlier = peers.arrive(session).withNodes();
        sessions.arrive(session, earlier, answer);
        return earlier;
    }

    @Override
    public void depart(Session session) {
        SessionId id = id(session);
        Requester requester = sessions.requester(session);
        sessions.depart(session);
        peers.depart(session);
        submit(requester, new Command.Depart(app, id));
    }

    @Override
    public void join(
            String room, Session session, MemberInterest interest, int capacity, Consumer<EntryResult> answer) {
        int most = Math.min(capacity, rooms.capacity(room));
        ask(room, session, interest, join(room, session, Command.Join.Entry.ENTERS, most), answer);
    }

    @Override
    public void listen(String room, Session session, MemberInterest interest, Consumer<EntryResult> answer) {
        Command.Join command = join(room, session, Command.Join.Entry.LISTENS, rooms.capacity(room));
        ask(room, session, interest, command, answer);
    }

    private void ask(
            String room, Session session, MemberInterest interest, Command.Join command, Consumer<EntryResult> answer) {
        EntryAttempt attempt = attempt(room, session, false, interest, answer);
        if (attempt == null) {
            return;
        }
        boolean isEntering = command.entry() == Command.Join.Entry.ENTERS;
        coordinator.submit(of(session).state, sessions.requester(session), command, outcome -> {
            if (outcome instanceof Outcome.Joined joined) {
                List<RosterEntry> roster = joined.roster();
                RoomMember member = rooms.listen(room, session, interest, isEntering, roster);
                attempt.admitted(member, joined.others(), roster == null ? 0 : joined.others(), isEntering);
            } else {
                attempt.refused(outcome);
            }
        });
    }

    @Override
    public void listen(ChannelPattern pattern, Session session, MemberInterest interest, Consumer<EntryResult> answer) {
        String room = pattern.toString();
        EntryAttempt attempt = attempt(room, session, true, interest, answer);
        if (attempt == null) {
            return;
        }
        Command command = join(room, session, Command.Join.Entry.PATTERN, PlaceRequest.ANY);
        coordinator.submit(of(session).state, sessions.requester(session), command, outcome -> {
            if (!(outcome instanceof Outcome.Joined)) {
                attempt.refused(outcome);
            } else if (rooms.listen(pattern, session, interest) instanceof EntryResult.Admitted admitted) {
                prices.review();
                attempt.admitted(admitted.member(), 0, 0, false);
            } else { // the node has as many patterns as it may have
                submit(sessions.requester(session), new Command.Leave(app, room, id(session)));
                attempt.refused(new Outcome.Full(EntryResult.Full.OF_PATTERNS.capacity()));
            }
        });
    }

    /** Returns a new attempt; null if one that was given up is not decided yet, which goes on for this one. */
    private @Nullable EntryAttempt attempt(
            String room, Session session, boolean isPattern, MemberInterest interest, Consumer<EntryResult> answer) {
        Map<String, EntryAttempt> open = of(session).attempts;
        EntryAttempt known = open.get(room);
        if (known != null && known.isPattern() != isPattern) {
            answer.accept(new EntryResult.Unavailable()); // the name means something else now
            return null;
        }
        if (known != null) {
            known.ask(interest, answer);
            return null;
        }
        EntryAttempt attempt =
                new EntryAttempt(session, isPattern, () -> open.remove(room), member -> leave(member, it -> {}));
        open.put(room, attempt);
        attempt.ask(interest, answer);
        return attempt;
    }

    private Command.Join join(String room, Session session, Command.Join.Entry entry, int capacity) {
        PlaceRequest place = SubmittedSessions.place(session, capacity);
        return new Command.Join(app, room, id(session), session.peer(), entry, place);
    }

    @Override
    public void enter(RoomMember member, IntConsumer told) {
        if (member.isEntering() || member.isByPattern()) {
            told.accept(member.enter());
            return;
        }
        member.setEntering();
        Session session = member.session();
        Command command = new Command.Enter(app, member.room(), id(session));
        coordinator.submit(of(session).state, sessions.requester(session), command, outcome -> {
            int receivers = member.enter(); // if its state was lost, it is submitted again
            session.loop().post(() -> told.accept(receivers));
        });
    }

    @Override
    public void leave(RoomMember member, IntConsumer remaining) {
        member.withdraw();
        Session session = member.session();
        submit(sessions.requester(session), new Command.Leave(app, member.room(), id(session)), outcome -> {
            int members = member.remove();
            if (member.isByPattern()) {
                prices.review();
            }
            session.loop().post(() -> remaining.accept(members));
        });
    }

    @Override
    public void setAway(RoomMember member, boolean isAway) {
        member.setToBeAway(isAway);
        Session session = member.session();
        Command command = new Command.SetAway(app, member.room(), id(session), isAway);
        submit(sessions.requester(session), command, outcome -> member.away(isAway));
    }

    @Override
    public boolean hasPatterns() {
        return prices.isAny();
    }

    @Override
    public int publish(
            String room,
            Session from,
            Signal signal,
            @Nullable String request,
            long sequence,
            @Nullable PublishedNames published,
            SignalAnswers answers) {
        if (published != null) {
            published.addSteps(prices.charge(room));
        }
        int bytes = signal.payload().length();
        IntConsumer answer = receivers -> answers.published(request, bytes, receivers, prices.charge(room));
        int expected = rooms.expected(room).orElse(UNKNOWN);
        if (!submissions.isMany(expected)) {
            submit(from, bytes, publication(room, from, sequence, kept(signal)), receivers -> {}, answer);
        } else if (!submissions.isBusy()) {
            submitForMany(from, expected, bytes, publication(room, from, sequence, kept(signal)), answer);
        } else if (!WaitingSignal.begin(
                submissions,
                peers,
                from,
                signal,
                expected,
                kept -> submitForMany(from, expected, bytes, publication(room, from, sequence, kept), answer))) {
            return BUSY;
        }
        return LATER;
    }

    private Command.Publish publication(String room, Session from, long sequence, Signal kept) {
        return new Command.Publish(app, room, head(from, sequence), kept);
    }

    /** Counts the deliveries that are expected until they are decided, and then those elsewhere. */
    private void submitForMany(Session from, int expected, int bytes, Command.Publish publication, IntConsumer answer) {
        submissions.begin(expected, bytes);
        IntConsumer decided = receivers -> {
            int elsewhere = Math.max(receivers, 0) - rooms.members(publication.room());
            if (elsewhere > 0) {
                submissions.countElsewhere(coordinator.loop(), elsewhere, bytes);
            }
            submissions.end(expected, bytes);
        };
        submit(from, bytes, publication, decided, answer);
    }

    @Override
    public int send(
            Session from, String to, Signal signal, @Nullable String request, long sequence, SignalAnswers answers) {
        int bytes = signal.payload().length();
        Command command = new Command.Send(app, to, head(from, sequence), kept(signal));
        submit(from, bytes, command, receivers -> {}, receivers -> answers.sent(request, to, bytes, receivers));
        return LATER;
    }

    /**
     * Submits a signal of so many bytes, which are charged to the sender until it is decided.
     *
     * @param decided is given the number of receivers on the coordinator's loop
     * @param answer is given the same on the sender's loop
     */
    private void submit(Session from, int bytes, Command command, IntConsumer decided, IntConsumer answer) {
        int spent = bytes + COMMAND_BYTES;
        from.spend(spent);
        coordinator.submit(of(from).state, sessions.requester(from), command, outcome -> {
            int receivers = reached(outcome);
            prices.decided(outcome);
            decided.accept(receivers);
            from.loop().post(() -> {
                from.giveBack(spent);
                answer.accept(receivers);
            });
        });
    }

    /** A request has a number only if the session outlives sockets. */
    private SignalHead head(Session from, long sequence) {
        String address = sessions.requester(from).address();
        return new SignalHead(from.peer(), id(from), from.isLasting() ? sequence : 0, address);
    }

    private static SignalHead ofBackEnd(PeerIdentity from) {
        return new SignalHead(from, null, 0, Requester.BACK_END.address());
    }

    private static Signal kept(Signal borrowed) {
        return new Signal(borrowed.kind(), Payload.of(borrowed.payload().copy()));
    }

    private static int reached(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached reached -> reached.sessions();
            case Outcome.Published published -> published.sessions();
            default -> UNAVAILABLE;
        };
    }

    // What back ends ask for.

    @Override
    public void publish(
            String room, PeerIdentity from, Signal signal, PublishedNames published, IntConsumer receivers) {
        published.addSteps(prices.charge(room));
        submit(Requester.BACK_END, new Command.Publish(app, room, ofBackEnd(from), kept(signal)), outcome -> {
            prices.decided(outcome);
            receivers.accept(reached(outcome));
        });
    }

    @Override
    public void send(PeerIdentity from, String to, Signal signal, IntConsumer receivers) {
        submit(
                Requester.BACK_END,
                new Command.Send(app, to, ofBackEnd(from), kept(signal)),
                outcome -> receivers.accept(reached(outcome)));
    }

    @Override
    public void close(String peer, CloseCode code, IntConsumer closed) {
        submit(Requester.BACK_END, new Command.Close(app, peer, code), outcome -> closed.accept(reached(outcome)));
    }

    @Override
    public boolean gather(ListQuery query, Consumer<@Nullable ListPart> answer) {
        events.ask(query, answer);
        return true;
    }

    private void submit(Requester requester, Command command) {
        submit(requester, command, outcome -> {});
    }

    /** Submits a command that is harmless in a state that does not know the session yet. */
    private void submit(Requester requester, Command command, Consumer<Outcome> outcome) {
        coordinator.submit(coordinator.state(), requester, command, outcome);
    }

    // What was decided. On the coordinator's thread.

    /** Applies an event of this app. */
    void apply(NodeEvent event) {
        events.apply(event);
    }

    /** Returns the bytes of signals that were read and wait to be applied. */
    long waitingBytes() {
        return coordinator.queue().waitingBytes();
    }

    /** Submits the sessions of this node again. Those of other nodes have some time to come again. */
    void stateLost(int state) {
        coordinator.queue().applyAll();
        rooms.unconfirm();
        sessions.submitAgain(state);
        prices.stateLost();
    }
}
