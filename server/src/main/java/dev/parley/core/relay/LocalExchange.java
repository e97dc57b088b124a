// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.PublishedNames;
import dev.parley.core.room.RoomMember;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.Session;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Decides at once for the sessions of this node, which has all of them. */
record LocalExchange(PeerRegistry peers, RoomRegistry rooms) implements AppExchange {

    @Override
    public EarlierSessions arrive(Session session, ArrivalAnswer answer) {
        answer.reachable().run(); // the session is added in the same turn
        return peers.arrive(session);
    }

    @Override
    public void depart(Session session) {
        peers.depart(session);
    }

    @Override
    public void join(
            String room, Session session, MemberInterest interest, int capacity, Consumer<EntryResult> answer) {
        answer.accept(rooms.join(room, session, interest, capacity));
    }

    @Override
    public void listen(String room, Session session, MemberInterest interest, Consumer<EntryResult> answer) {
        answer.accept(rooms.listen(room, session, interest));
    }

    @Override
    public void listen(ChannelPattern pattern, Session session, MemberInterest interest, Consumer<EntryResult> answer) {
        answer.accept(rooms.listen(pattern, session, interest));
    }

    @Override
    public void enter(RoomMember member, IntConsumer told) {
        told.accept(member.enter());
    }

    @Override
    public void leave(RoomMember member, IntConsumer remaining) {
        remaining.accept(member.leave());
    }

    @Override
    public void setAway(RoomMember member, boolean isAway) {
        member.away(isAway);
    }

    @Override
    public boolean hasPatterns() {
        return rooms.hasPatterns();
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
        if (from.deliveries().isBusy()) {
            int receivers = rooms.receivers(room, published);
            if (from.deliveries().isMany(receivers)) {
                int bytes = signal.payload().length();
                boolean isWaiting = WaitingSignal.begin(from.deliveries(), peers, from, signal, receivers, kept -> {
                    int reached = rooms.publish(room, from, from.origin(sequence), kept, published);
                    answers.published(request, bytes, reached, published == null ? 0 : published.takeSteps());
                });
                return isWaiting ? LATER : BUSY;
            }
        }
        return rooms.publish(room, from, from.origin(sequence), signal, published);
    }

    @Override
    public int send(
            Session from, String to, Signal signal, @Nullable String request, long sequence, SignalAnswers answers) {
        int receivers = from.deliveries().isBusy() ? peers.sessions(to) : 0;
        if (from.deliveries().isMany(receivers)) {
            int bytes = signal.payload().length();
            boolean isWaiting = WaitingSignal.begin(from.deliveries(), peers, from, signal, receivers, kept -> {
                int reached = peers.send(from, from.origin(sequence), to, kept, request, sequence, answers);
                answers.sent(request, to, bytes, reached);
            });
            return isWaiting ? LATER : BUSY;
        }
        return peers.send(from, from.origin(sequence), to, signal, request, sequence, answers);
    }

    @Override
    public void publish(
            String room, PeerIdentity from, Signal signal, PublishedNames published, IntConsumer receivers) {
        receivers.accept(rooms.publish(room, from, signal, published));
    }

    @Override
    public void send(PeerIdentity from, String to, Signal signal, IntConsumer receivers) {
        int taken = peers.send(from, to, signal);
        receivers.accept(taken < 0 ? BUSY : taken);
    }

    @Override
    public void close(String peer, CloseCode code, IntConsumer closed) {
        closed.accept(peers.close(peer, code));
    }

    @Override
    public boolean gather(ListQuery query, Consumer<@Nullable ListPart> answer) {
        return false;
    }
}
