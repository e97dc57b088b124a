// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static java.util.Objects.requireNonNull;

import dev.parley.config.Action;
import dev.parley.config.PresenceSettings;
import dev.parley.config.ServerSettings;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Grant;
import dev.parley.core.access.NameRules;
import dev.parley.core.access.SenderPace;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Payload;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import dev.parley.core.port.UndeliveredReason;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.AppExchange;
import dev.parley.core.relay.EarlierSessions;
import dev.parley.core.relay.SignalAnswers;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.PublishedNames;
import dev.parley.core.session.AnswerPause;
import dev.parley.core.session.RequestReceipts;
import dev.parley.core.session.Session;
import dev.parley.core.session.SessionClient;
import dev.parley.json.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the messages of a client that was admitted. On its session's loop. */
final class WelcomedClient implements SessionClient, SignalAnswers {

    private static final Logger log = LoggerFactory.getLogger(WelcomedClient.class);

    private final ClientConnection connection;
    private final AppDirectory directory;
    private final V1Services services;
    private final MessageReader reader;
    private final CredentialCheck tokens;
    private final Session session;
    private final ChannelSubscriptions subscriptions;
    private final ClientRates rates;
    private final ClientGrant current;

    /** Null until the client publishes while there are patterns. */
    private @Nullable PublishedNames published;

    /**
     * The client of a session, which is among the peers of its app.
     *
     * @param earlier the sessions its peer already had
     * @param reader reads the messages of its protocol
     * @param tokens judges those it will bring
     */
    WelcomedClient(
            Session session,
            Grant grant,
            EarlierSessions earlier,
            V1Services services,
            MessageReader reader,
            CredentialCheck tokens,
            SenderPace pace) {
        this.session = session;
        this.connection = session.connection();
        this.directory = services.core().directories().of(grant.app());
        this.services = services;
        this.reader = reader;
        this.tokens = tokens;
        ServerSettings settings = services.settings();
        this.rates = new ClientRates(connection, pace, settings.limits().peer());
        session.setClient(this);
        PresenceSettings shown = settings.services().presence();
        PresenceSettings presence = session.isLasting() ? shown.atOnce() : shown;
        PendingEntries pendingEntries = new PendingEntries(connection, earlier, exchange(), presence, rates);
        this.subscriptions = new ChannelSubscriptions(
                session,
                directory,
                pendingEntries,
                settings.limits().connection().channels());
        this.current = new ClientGrant(connection, services.clock(), grant);
    }

    /** Begins, once its conversation is sure to be notified of the end of the connection, whatever fails here. */
    void begin() {
        if (!current.replace(grant())) {
            connection.close(V1CloseCodes.TOKEN_EXPIRED);
        }
        session.reconsider(); // the authority may have been withdrawn before this session was notified
        log.info(
                "connect app={} peer={} connection={}",
                grant().app().id(),
                LogText.of(grant().peer().id()),
                connection.id());
    }

    @Override
    public void text(Payload payload) {
        handle(reader.text(payload), payload.length());
    }

    @Override
    public void binary(Payload payload) {
        handle(reader.binary(), payload.length());
    }

    private void handle(ClientMessage message, int bytes) {
        if (message instanceof ClientMessage.Received received && session.received(received.sequence()) > 0) {
            rates.countBytes(bytes); // what is kept no longer pays for the rest
        } else if (!rates.count(message, bytes)) {
            connection.close(V1CloseCodes.TOO_MANY_MALFORMED);
        } else if (accept(message)) {
            act(message);
        }
        rates.settle();
    }

    /** Records the number of a request; false if it was received before, or cannot be accepted. */
    private boolean accept(ClientMessage message) {
        RequestReceipts numbers = session.receipts();
        if (numbers == null) {
            return true;
        }
        if (message instanceof ClientMessage.Request request) {
            return acceptRequest(request.sequence(), numbers);
        }
        if (message instanceof ClientMessage.Malformed) {
            numbers.recordUnreadable();
        }
        return true;
    }

    private boolean acceptRequest(long sequence, RequestReceipts numbers) {
        if (sequence <= 0) {
            answer(null, ErrorCode.MALFORMED_MESSAGE);
            return false;
        }
        RequestReceipts.Order order = numbers.record(sequence);
        if (order == RequestReceipts.Order.MISSING) {
            connection.close(V1CloseCodes.NUMBER_MISSING);
        }
        return order == RequestReceipts.Order.NEW;
    }

    private void act(ClientMessage message) {
        switch (message) {
            case ClientMessage.Send send -> send(send);
            case ClientMessage.Publish publish -> publish(publish);
            case ClientMessage.Subscribe subscribe -> subscribe(subscribe);
            case ClientMessage.Unsubscribe unsubscribe ->
                answer(unsubscribe.requestId(), unsubscribe(unsubscribe.channel()));
            case ClientMessage.Refresh refresh -> refresh(refresh.requestId(), refresh.token());
            case ClientMessage.IceServers ask -> iceServers(ask.requestId());
            case ClientMessage.Ping ping ->
                session.sendTransient(services.messages().pong());
            case ClientMessage.Received received -> {
                if (session.received(received.sequence()) < 0) {
                    answer(null, ErrorCode.MALFORMED_MESSAGE);
                }
            }
            case ClientMessage.Unknown unknown -> answer(unknown.requestId(), ErrorCode.UNKNOWN_TYPE);
            case ClientMessage.Malformed malformed -> answer(null, ErrorCode.MALFORMED_MESSAGE);
        }
    }

    @Override
    public void drain() {
        connection.send(services.messages().goingAway());
    }

    /** Leaves before the others get the announcement: what they sent to it later would be acknowledged and lost. */
    @Override
    public void ended(ConnectionEnding ending) {
        int memory = subscriptions.memory();
        try {
            current.end();
            directory.usage().disconnect(session.group());
            exchange().depart(session);
            subscriptions.end();
            session.end();
        } finally {
            directory.memory().giveSubscriptions(session.group(), memory);
            directory.memory().giveConnection(session.group());
            rates.end(); // behind the subscriptions, which may leave something to pay
        }
        log.info(
                "disconnect app={} peer={} connection={} {}",
                grant().app().id(),
                LogText.of(session.peer().id()),
                connection.id(),
                ending.inWords());
    }

    @Override
    public void away(boolean isAway) {
        subscriptions.away(isAway);
    }

    private void send(ClientMessage.Send message) {
        ErrorCode fault = services.rules().fault(grant(), message);
        if (fault != null) {
            answer(message.requestId(), fault);
        } else if (!directory.usage().send(session.group())) {
            answer(message.requestId(), ErrorCode.OVER_MESSAGE_QUOTA);
        } else {
            send(message, requireNonNull(message.to()), requireNonNull(message.data()));
        }
    }

    /** Answered at once if the receiver takes the signal now, else when it has taken it or was busy for too long. */
    private void send(ClientMessage.Send message, String to, Payload data) {
        session.signalSent(to, data.length());
        Signal signal = new Signal(Signal.Kind.JSON, data);
        int receivers = exchange().send(session, to, signal, message.requestId(), message.sequence(), this);
        if (receivers != AppExchange.LATER) {
            sent(message.requestId(), to, data.length(), receivers);
        }
    }

    @Override
    public void sent(@Nullable String request, String to, int bytes, int receivers) {
        ErrorCode refusal = receivers == 0 ? ErrorCode.PEER_NOT_FOUND : refusal(receivers);
        if (refusal != null) {
            directory.usage().refuse(session.group());
        }
        if (current.isOver()) {
            return;
        }
        if (refusal != null) {
            answer(request, refusal);
            return;
        }
        rates.charge(Math.abs(receivers), bytes);
        if (receivers > 0) { // else one is busy, and delivered follows
            answer(request, null);
        }
    }

    @Override
    public void delivered(@Nullable String request, long sequence, String to, boolean isTaken, boolean isMissed) {
        if (!isTaken) {
            directory.usage().refuse(session.group());
        }
        if (current.isOver()) {
            return;
        }
        if (isTaken || request != null || !session.isLasting()) {
            answer(request, isTaken ? null : ErrorCode.RECEIVER_BUSY);
        }
        if (!isTaken) {
            directory.terms().observer().receiverBusy(grant().app().id(), to);
        }
        boolean isAnswered = !isTaken && request != null;
        if (isMissed && !isAnswered && session.isLasting()) {
            connection.send(services.messages()
                    .report(new SessionEvent.Undelivered(to, sequence, sequence, UndeliveredReason.BUSY)));
        }
    }

    private void publish(ClientMessage.Publish message) {
        ErrorCode fault = services.rules().fault(grant(), message);
        if (fault != null) {
            answer(message.requestId(), fault);
        } else if (!directory.usage().send(session.group())) {
            answer(message.requestId(), ErrorCode.OVER_MESSAGE_QUOTA);
        } else {
            publish(message, requireNonNull(message.channel()), requireNonNull(message.data()));
        }
    }

    private void publish(ClientMessage.Publish message, String channel, Payload data) {
        PublishedNames names = publishedNames();
        Signal signal = new Signal(Signal.Kind.JSON, data);
        int receivers =
                exchange().publish(channel, session, signal, message.requestId(), message.sequence(), names, this);
        if (names != null) {
            rates.chargeComparisons(names.takeSteps());
        }
        if (receivers != AppExchange.LATER) {
            published(message.requestId(), data.length(), receivers, 0);
        }
    }

    /** Of a server that is alone {@link #delivered} does this. */
    @Override
    public void missed(SessionEvent.Undelivered event) {
        if (!current.isOver()) {
            directory.terms().observer().receiverBusy(grant().app().id(), event.to());
            answer(null, ErrorCode.RECEIVER_BUSY);
        }
    }

    @Override
    public void published(@Nullable String request, int bytes, int receivers, long steps) {
        ErrorCode refusal = refusal(receivers);
        if (refusal != null) {
            directory.usage().refuse(session.group());
        }
        if (!current.isOver()) {
            rates.charge(Math.max(receivers, 0), bytes);
            rates.chargeComparisons(steps);
            answer(request, refusal);
        }
    }

    private static @Nullable ErrorCode refusal(int receivers) {
        return switch (receivers) {
            case AppExchange.UNAVAILABLE -> ErrorCode.UNAVAILABLE;
            case AppExchange.BUSY -> ErrorCode.RECEIVER_BUSY;
            default -> null;
        };
    }

    private @Nullable PublishedNames publishedNames() {
        if (published == null && exchange().hasPatterns()) {
            published = new PublishedNames();
        }
        return published;
    }

    /** The acknowledgement is sent before the announcement: clients know the channel only from it on. */
    private void subscribe(ClientMessage.Subscribe subscribe) {
        String channel = subscribe.channel();
        if (channel == null || !NameRules.isChannel(channel)) {
            answer(subscribe.requestId(), ErrorCode.INVALID_CHANNEL);
            return;
        }
        ChannelPattern pattern = services.rules().pattern(grant(), channel);
        ErrorCode fault = services.rules().fault(grant(), channel, pattern);
        if (fault != null) {
            answer(subscribe.requestId(), fault);
            return;
        }
        MemberInterest interest = MemberInterest.of(grant().allows(Action.PRESENCE), subscribe.wantsSenderMetadata());
        AnswerPause pause = new AnswerPause(connection);
        subscriptions.subscribe(channel, pattern, interest, denied -> {
            answer(subscribe.requestId(), denied);
            if (pause.end()) {
                reconsider(channel); // the rights may have changed meanwhile
            }
        });
        pause.begin();
    }

    private @Nullable ErrorCode unsubscribe(@Nullable String channel) {
        if (channel == null || !NameRules.isChannel(channel)) {
            return ErrorCode.INVALID_CHANNEL;
        }
        subscriptions.unsubscribe(channel, rates::chargePresence);
        return null;
    }

    private void iceServers(@Nullable String requestId) {
        if (requestId != null) {
            IceServers.Offer offer =
                    services.iceServers().offer(grant().authority().powers().hasTurn(), grant().expiresAt());
            connection.send(services.messages().iceServers(requestId, offer));
        }
    }

    private void refresh(@Nullable String requestId, @Nullable String token) {
        if (token == null) {
            answer(requestId, ErrorCode.INVALID_TOKEN);
        } else if (current.isRefreshing() || !rates.tryTakeToken() || !tokens.acceptsSecrets()) {
            answer(requestId, ErrorCode.BACKEND_ERROR);
        } else {
            current.refresh(token, session.peer().id(), tokens, fault -> refreshed(requestId, fault));
        }
    }

    private void refreshed(@Nullable String requestId, @Nullable ErrorCode fault) {
        if (fault != null) {
            answer(requestId, fault);
            return;
        }
        if (requestId != null) {
            connection.send(services.messages().refreshed(requestId, grant().expiresAt()));
        }
        rightsChanged();
    }

    @Override
    public void resumed(Grant shown) {
        if (!current.replace(shown)) {
            connection.close(V1CloseCodes.TOKEN_EXPIRED);
        }
        rightsChanged();
    }

    /** Gives up what it may do no longer, and tells the client. */
    @Override
    public void rightsChanged() {
        switch (grant().authority().standing()) {
            case WITHDRAWN -> connection.close(V1CloseCodes.INVALID_TOKEN);
            case SUSPENDED -> connection.close(V1CloseCodes.ACCOUNT_SUSPENDED);
            case HONOURED -> {
                for (String channel : subscriptions.channels()) {
                    reconsider(channel);
                }
            }
        }
    }

    private void reconsider(String channel) {
        if (!subscriptions.holds(channel)) {
            return;
        }
        ChannelPattern pattern = subscriptions.pattern(channel);
        ErrorCode fault = services.rules().fault(grant(), channel, pattern);
        if (fault != null) {
            subscriptions.unsubscribe(channel, ChannelSubscriptions.FREE);
            connection.send(services.messages().subscriptionLost(channel, fault));
        } else {
            subscriptions.showPresence(channel, grant().allows(Action.PRESENCE));
        }
    }

    private Grant grant() {
        return current.get();
    }

    private AppExchange exchange() {
        return directory.exchange();
    }

    /** Exactly one answer to a message that asked for one, and an error in any case. */
    private void answer(@Nullable String requestId, @Nullable ErrorCode error) {
        if (error != null) {
            connection.send(services.messages().error(requestId, error));
        } else if (requestId != null) {
            connection.send(services.messages().ack(requestId));
        }
    }
}
