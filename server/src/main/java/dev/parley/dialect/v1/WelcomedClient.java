// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Action;
import dev.parley.config.PresenceSettings;
import dev.parley.config.ServerSettings;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantAuthority;
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
import dev.parley.core.relay.SignalAnswers;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.PublishedNames;
import dev.parley.core.session.AnswerPause;
import dev.parley.core.session.GuardedTask;
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
    private final GrantExpiry expiry;
    /** Null until the client publishes while there are patterns. */
    private @Nullable PublishedNames published;

    private Grant grant;
    private boolean hasLeft;

    /** A token the client brought is being looked at. */
    private boolean isRefreshing;

    /**
     * The client of a session, which is among the peers of its app from now on.
     *
     * @param reader reads the messages of its protocol
     * @param tokens judges those it will bring
     */
    WelcomedClient(
            Session session,
            Grant grant,
            AppDirectory directory,
            V1Services services,
            MessageReader reader,
            CredentialCheck tokens,
            SenderPace pace) {
        this.session = session;
        this.connection = session.connection();
        this.grant = grant;
        this.directory = directory;
        this.services = services;
        this.reader = reader;
        this.tokens = tokens;
        ServerSettings settings = services.settings();
        this.rates = new ClientRates(connection, pace, settings.limits());
        session.setClient(this);
        PresenceSettings presence = session.isLasting() ? settings.presence().atOnce() : settings.presence();
        PendingEntries pendingEntries =
                new PendingEntries(connection, exchange().arrive(session), exchange(), presence, rates);
        this.subscriptions = new ChannelSubscriptions(
                session, directory, pendingEntries, settings.limits().channels());
        this.expiry = new GrantExpiry(connection, services.clock());
    }

    /** Begins, once its conversation is sure to be notified of the end of the connection, whatever fails here. */
    void begin() {
        if (!expiry.set(grant)) {
            connection.close(V1CloseCodes.TOKEN_EXPIRED);
        }
        session.reconsider(); // the authority may have been withdrawn before this session was notified
        log.info(
                "connect app={} peer={} connection={}",
                grant.app().id(),
                LogText.of(grant.peer().id()),
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
        RequestReceipts receipts = session.receipts();
        return receipts == null || accept(message, receipts);
    }

    private boolean accept(ClientMessage message, RequestReceipts numbers) {
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
            case ClientMessage.Ping ping -> session.sendTransient(messages().pong());
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
        connection.send(messages().goingAway());
    }

    /** Leaves before the others get the announcement: what they sent to it later would be acknowledged and lost. */
    @Override
    public void ended(ConnectionEnding ending) {
        hasLeft = true;
        int memory = subscriptions.memory();
        try {
            expiry.cancel();
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
                grant.app().id(),
                LogText.of(session.peer().id()),
                connection.id(),
                ending.inWords());
    }

    @Override
    public void away(boolean isAway) {
        subscriptions.away(isAway);
    }

    private void send(ClientMessage.Send message) {
        String to = message.to();
        Payload data = message.data();
        if (to == null || !NameRules.isPeerId(to)) {
            answer(message.requestId(), ErrorCode.INVALID_PEER_ID);
        } else if (!grant.allows(Action.SEND)) {
            answer(message.requestId(), ErrorCode.ACTION_NOT_PERMITTED);
        } else if (data == null || dataFault(data) != null) {
            answer(message.requestId(), dataFault(data));
        } else if (!directory.usage().send(session.group())) {
            answer(message.requestId(), ErrorCode.OVER_MESSAGE_QUOTA);
        } else {
            send(message, to, data);
        }
    }

    /** Answered at once if the receiver takes the signal now, else when it has taken it or was busy for too long. */
    private void send(ClientMessage.Send message, String to, Payload data) {
        session.signalSent(to, data.length());
        Signal signal = new Signal(Signal.Kind.JSON, data);
        int receivers = exchange().send(session, to, signal, message.requestId(), message.sequence(), this);
        if (receivers >= 0) {
            sent(message.requestId(), to, data.length(), receivers);
        } else if (receivers != AppExchange.LATER) {
            rates.charge(-receivers, data.length());
        }
    }

    @Override
    public void sent(@Nullable String request, String to, int bytes, int receivers) {
        if (receivers <= 0) {
            directory.usage().refuse(session.group());
        }
        if (hasLeft) {
            return;
        }
        rates.charge(Math.max(receivers, 0), bytes);
        switch (receivers) {
            case 0 -> answer(request, ErrorCode.PEER_NOT_FOUND);
            case AppExchange.UNAVAILABLE -> answer(request, ErrorCode.UNAVAILABLE);
            default -> answer(request, null);
        }
    }

    @Override
    public void delivered(@Nullable String request, long sequence, String to, boolean isTaken, boolean isMissed) {
        if (!isTaken) {
            directory.usage().refuse(session.group());
        }
        if (hasLeft) {
            return;
        }
        if (isTaken || request != null || !session.isLasting()) {
            answer(request, isTaken ? null : ErrorCode.RECEIVER_BUSY);
        }
        if (!isTaken) {
            directory.terms().observer().receiverBusy(grant.app().id(), to);
        }
        boolean isAnswered = !isTaken && request != null;
        if (isMissed && !isAnswered && session.isLasting()) {
            connection.send(
                    messages().report(new SessionEvent.Undelivered(to, sequence, sequence, UndeliveredReason.BUSY)));
        }
    }

    private @Nullable ErrorCode dataFault(@Nullable Payload data) {
        if (data == null) {
            return ErrorCode.MISSING_DATA;
        }
        return data.length() > services.settings().limits().messageBytes() ? ErrorCode.MESSAGE_TOO_BIG : null;
    }

    private void publish(ClientMessage.Publish message) {
        String channel = message.channel();
        Payload data = message.data();
        if (channel == null || !NameRules.isChannel(channel)) {
            answer(message.requestId(), ErrorCode.INVALID_CHANNEL);
            return;
        }
        ErrorCode fault = rules().fault(grant, channel, Action.PUBLISH);
        if (fault != null) {
            answer(message.requestId(), fault);
        } else if (data == null || dataFault(data) != null) {
            answer(message.requestId(), dataFault(data));
        } else if (!directory.usage().send(session.group())) {
            answer(message.requestId(), ErrorCode.OVER_MESSAGE_QUOTA);
        } else {
            publish(message, channel, data);
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
            published(message.requestId(), data.length(), receivers);
        }
    }

    @Override
    public void published(@Nullable String request, int bytes, int receivers) {
        if (receivers == AppExchange.UNAVAILABLE) {
            directory.usage().refuse(session.group());
        }
        if (!hasLeft) {
            rates.charge(Math.max(receivers, 0), bytes);
            answer(request, receivers < 0 ? ErrorCode.UNAVAILABLE : null);
        }
    }

    private @Nullable PublishedNames publishedNames() {
        if (published == null && directory.rooms().hasPatterns()) {
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
        ChannelPattern pattern = rules().pattern(grant, channel);
        ErrorCode fault =
                pattern == null ? rules().fault(grant, channel, Action.SUBSCRIBE) : rules().fault(grant, pattern);
        if (fault != null) {
            answer(subscribe.requestId(), fault);
            return;
        }
        MemberInterest interest = MemberInterest.of(grant.allows(Action.PRESENCE), subscribe.wantsSenderMetadata());
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
                    services.iceServers().offer(grant.authority().powers().hasTurn(), grant.expiresAt());
            connection.send(messages().iceServers(requestId, offer));
        }
    }

    /** One token at a time, so that the token acknowledged last is the one in force. */
    private void refresh(@Nullable String requestId, @Nullable String token) {
        if (token == null) {
            answer(requestId, ErrorCode.INVALID_TOKEN);
        } else if (isRefreshing || !rates.tryTakeToken() || !tokens.acceptsSecrets()) {
            answer(requestId, ErrorCode.BACKEND_ERROR);
        } else {
            isRefreshing = true;
            tokens.check(
                    token,
                    result -> connection.loop().post(new GuardedTask(connection, () -> refreshed(requestId, result))));
        }
    }

    /** What the peer shows to others stays as they received it. */
    private void refreshed(@Nullable String requestId, AuthenticationResult result) {
        isRefreshing = false;
        if (hasLeft) {
            return;
        }
        switch (result) {
            case AuthenticationResult.Granted granted -> replaceGrant(requestId, granted.grant());
            case AuthenticationResult.Expired expired -> answer(requestId, ErrorCode.TOKEN_EXPIRED);
            case AuthenticationResult.Unknown unknown -> answer(requestId, ErrorCode.BACKEND_ERROR);
            case AuthenticationResult.Invalid invalid -> answer(requestId, ErrorCode.INVALID_TOKEN);
            case AuthenticationResult.Useless useless -> answer(requestId, ErrorCode.INVALID_TOKEN);
            case AuthenticationResult.Suspended suspended -> answer(requestId, ErrorCode.INVALID_TOKEN);
        }
    }

    private void replaceGrant(@Nullable String requestId, Grant newer) {
        boolean isForThisPeer = newer.app().equals(grant.app())
                && newer.peer().id().equals(session.peer().id());
        boolean isHonoured =
                newer.authority().standing() == GrantAuthority.Standing.HONOURED; // or was, when it was judged
        if (!isForThisPeer || !isHonoured) {
            answer(requestId, ErrorCode.INVALID_TOKEN);
            return;
        }
        if (!expiry.set(newer)) {
            answer(requestId, ErrorCode.TOKEN_EXPIRED);
            return;
        }
        grant = newer;
        if (requestId != null) {
            connection.send(messages().refreshed(requestId, newer.expiresAt()));
        }
        rightsChanged();
    }

    @Override
    public void resumed(Grant shown) {
        grant = shown;
        if (!expiry.set(shown)) {
            connection.close(V1CloseCodes.TOKEN_EXPIRED);
        }
        rightsChanged();
    }

    /** Gives up what it may do no longer, and tells the client. */
    @Override
    public void rightsChanged() {
        switch (grant.authority().standing()) {
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
        ErrorCode fault =
                pattern == null ? rules().fault(grant, channel, Action.SUBSCRIBE) : rules().fault(grant, pattern);
        if (fault != null) {
            subscriptions.unsubscribe(channel, ChannelSubscriptions.FREE);
            connection.send(messages().subscriptionLost(channel, fault));
        } else {
            subscriptions.showPresence(channel, grant.allows(Action.PRESENCE));
        }
    }

    private AppExchange exchange() {
        return directory.exchange();
    }

    private ChannelRules rules() {
        return services.rules();
    }

    private V1Messages messages() {
        return services.messages();
    }

    /** Exactly one answer to a message that asked for one, and an error in any case. */
    private void answer(@Nullable String requestId, @Nullable ErrorCode error) {
        if (error != null) {
            connection.send(messages().error(requestId, error));
        } else if (requestId != null) {
            connection.send(messages().ack(requestId));
        }
    }
}
