// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Action;
import dev.parley.config.Limits;
import dev.parley.config.Presence;
import dev.parley.core.access.Grant;
import dev.parley.core.access.Names;
import dev.parley.core.access.TokenBucket;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Signal;
import dev.parley.core.relay.Relay;
import dev.parley.core.room.Interest;
import dev.parley.core.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that was let in, and what its messages do. On its connection's loop. */
final class WelcomedClient {

    private static final Logger log = LoggerFactory.getLogger(WelcomedClient.class);

    /** Clients must be able to ask for life when they have said all they may, so pings have a bucket of their own. */
    private static final int PINGS_PER_SECOND = 20;

    private static final int PINGS_BURST = 200;

    private final Connection connection;
    private final Grant grant;
    private final Relay relay;
    private final Words words;
    private final Session session;
    private final Subscriptions subscriptions;
    private final TokenBucket messages;
    private final TokenBucket pings;

    WelcomedClient(Connection connection, Grant grant, Relay relay, Words words, Limits limits, Presence presence) {
        this.connection = connection;
        this.grant = grant;
        this.relay = relay;
        this.words = words;
        this.session = new Session(connection, grant.peer(), limits.outboundBytes());
        Entrances entrances = new Entrances(connection, relay.peers().arrive(session), presence);
        this.subscriptions = new Subscriptions(session, relay.rooms(), entrances, limits.channels());
        long now = connection.loop().now();
        this.messages = new TokenBucket(limits.messagesPerSecond(), limits.messagesBurst(), now);
        this.pings = new TokenBucket(PINGS_PER_SECOND, PINGS_BURST, now);
        log.info(
                "connect app={} peer={} connection={}",
                grant.app().id(),
                grant.peer().id(),
                connection.id());
    }

    void hear(ClientMessage message) {
        TokenBucket rate = message instanceof ClientMessage.Ping ? pings : messages;
        if (!rate.take(connection.loop().now())) {
            connection.close(Closings.OVER_MESSAGE_RATE);
            return;
        }
        switch (message) {
            case ClientMessage.Send send -> answer(send.requestId(), send(send.to(), send.data()));
            case ClientMessage.Publish publish ->
                answer(publish.requestId(), publish(publish.channel(), publish.data()));
            case ClientMessage.Subscribe subscribe -> subscribe(subscribe);
            case ClientMessage.Unsubscribe unsubscribe ->
                answer(unsubscribe.requestId(), unsubscribe(unsubscribe.channel()));
            case ClientMessage.Ping ping -> connection.send(words.pong());
            case ClientMessage.Unknown unknown -> answer(unknown.requestId(), ErrorCode.UNKNOWN_TYPE);
            case ClientMessage.Malformed malformed -> answer(null, ErrorCode.MALFORMED_MESSAGE);
        }
    }

    /** Nobody who was told that it left can still send to it: that would be acknowledged and lost. */
    void leave(Ending ending) {
        relay.peers().depart(session);
        subscriptions.end();
        log.info(
                "disconnect app={} peer={} connection={} {}",
                grant.app().id(),
                grant.peer().id(),
                connection.id(),
                ending.inWords());
    }

    private @Nullable ErrorCode send(@Nullable String to, @Nullable Payload data) {
        if (to == null || !Names.isPeerId(to)) {
            return ErrorCode.INVALID_PEER_ID;
        }
        if (!grant.allows(Action.SEND)) {
            return ErrorCode.ACTION_NOT_PERMITTED;
        }
        if (data == null) {
            return ErrorCode.MISSING_DATA;
        }
        boolean isSent = relay.peers().send(session, to, new Signal(Signal.Kind.TEXT, data));
        return isSent ? null : ErrorCode.PEER_NOT_FOUND;
    }

    private @Nullable ErrorCode publish(@Nullable String channel, @Nullable Payload data) {
        if (channel == null || !Names.isChannel(channel)) {
            return ErrorCode.INVALID_CHANNEL;
        }
        ErrorCode fault = fault(channel, Action.PUBLISH);
        if (fault != null) {
            return fault;
        }
        if (data == null) {
            return ErrorCode.MISSING_DATA;
        }
        relay.rooms().publish(channel, session, new Signal(Signal.Kind.TEXT, data));
        return null;
    }

    /** The acknowledgement goes out before anyone is told: clients know the channel only from it on. */
    private void subscribe(ClientMessage.Subscribe subscribe) {
        String channel = subscribe.channel();
        ErrorCode fault = channel == null || !Names.isChannel(channel)
                ? ErrorCode.INVALID_CHANNEL
                : fault(channel, Action.SUBSCRIBE);
        if (channel == null || fault != null) {
            answer(subscribe.requestId(), fault);
            return;
        }
        boolean seesPresence = grant.allows(Action.PRESENCE);
        answer(
                subscribe.requestId(),
                subscriptions.subscribe(channel, new Interest(seesPresence, subscribe.wantsSenderMetadata())));
    }

    private @Nullable ErrorCode unsubscribe(@Nullable String channel) {
        if (channel == null || !Names.isChannel(channel)) {
            return ErrorCode.INVALID_CHANNEL;
        }
        subscriptions.unsubscribe(channel);
        return null;
    }

    private @Nullable ErrorCode fault(String channel, Action action) {
        if (Names.isReserved(channel)) {
            return ErrorCode.CHANNEL_RESERVED;
        }
        return switch (grant.denial(action, channel)) {
            case ACTION -> ErrorCode.ACTION_NOT_PERMITTED;
            case CHANNEL -> ErrorCode.CHANNEL_NOT_AUTHORIZED;
            case null -> null;
        };
    }

    /** Exactly one answer to a message that asked for one, and an error in any case. */
    private void answer(@Nullable String requestId, @Nullable ErrorCode error) {
        if (error != null) {
            connection.send(words.error(requestId, error));
        } else if (requestId != null) {
            connection.send(words.ack(requestId));
        }
    }
}
