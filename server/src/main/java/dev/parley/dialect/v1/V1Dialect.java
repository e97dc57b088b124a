// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Settings;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.Flaw;
import dev.parley.core.access.Grant;
import dev.parley.core.access.Visitor;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Frames;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Throttle;
import dev.parley.core.relay.Relay;
import dev.parley.core.relay.Relays;
import dev.parley.json.Text;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The v1 protocol, at {@code /v1}. */
public final class V1Dialect implements Dialect {

    private static final String PATH = "/v1";
    private static final String NAME = "v1";
    private static final int UNAUTHORIZED = 401;
    private static final int USUAL_BYTES = 128;

    private final Authenticator authenticator;
    private final Throttle throttle;
    private final Observer observer;
    private final IceServers iceServers;
    private final Heard heard;
    private final InstantSource clock;
    private final Settings settings;
    private final Words words;
    private final MessageDecoder decoder;
    private final Relays relays;

    /** The dialect, with nobody connected yet. */
    public V1Dialect(
            Frames frames,
            Authenticator authenticator,
            Throttle throttle,
            Observer observer,
            IceServers iceServers,
            InstantSource clock,
            Settings settings) {
        this.authenticator = authenticator;
        this.throttle = throttle;
        this.observer = observer;
        this.iceServers = iceServers;
        this.heard = new Heard(observer, NAME);
        this.clock = clock;
        this.settings = settings;
        this.words = new Words(frames);
        this.decoder = new MessageDecoder();
        this.relays = new Relays(
                words,
                () -> TimeUnit.MILLISECONDS.toSeconds(clock.millis()),
                settings.presence().coalesce());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    /** What is wrong at first sight counts as a bad credential here too. */
    @Override
    public Reception receive(Request request) {
        Offer offer = Offer.of(request);
        Visitor visitor = new Visitor(offer.credential(), request.headers().all("origin"), request.client());
        Flaw flaw = settings.isStrictHttpReject() ? authenticator.flaw(visitor) : null;
        if (flaw != null) {
            throttle.failed(visitor.address());
            return new Refused(refusal(flaw), flaw.code());
        }
        return new Accepted(offer.protocol(), connection -> open(connection, visitor));
    }

    /** The peers of all apps. */
    public Relays relays() {
        return relays;
    }

    private Conversation open(Connection connection, Visitor visitor) {
        Door door = new Door(connection, visitor, observer);
        Tokens tokens = new Tokens(authenticator, throttle, visitor.address());
        V1Conversation.Threshold threshold = new V1Conversation.Threshold(door, grant -> welcome(door, grant, tokens));
        V1Conversation conversation = new V1Conversation(threshold, decoder, words, heard);
        tokens.judge(visitor, verdict -> connection.loop().post(() -> conversation.decide(verdict)));
        return conversation;
    }

    /** Null if there is no place for it, and the connection is closed. */
    private @Nullable WelcomedClient welcome(Door door, Grant grant, Tokens tokens) {
        Connection connection = door.connection();
        if (Expiry.isDue(grant, clock)) {
            door.refuse(Closings.TOKEN_EXPIRED);
            return null;
        }
        Relay relay = relays.of(grant.app());
        Frame welcome = words.welcome(
                grant,
                Metadata.of(grant, iceServers),
                clock.instant().getEpochSecond(),
                settings.limits().messageBytes());
        boolean isOneTooMany =
                relay.peers().sessions(grant.peer().id()) >= settings.limits().connectionsPerPeer();
        if (isOneTooMany || !relay.usage().connect()) {
            welcome.release();
            door.refuse(
                    Closings.OVER_CONCURRENT_LIMIT,
                    isOneTooMany ? "the peer has too many connections" : "the app has too many connections");
            return null;
        }
        connection.send(welcome);
        WelcomedClient client = new WelcomedClient(connection, grant, relay, words, tokens, clock, settings);
        connection.admitted(); // last: a client that was not made whole is gone when its time is up
        return client;
    }

    private static Reply refusal(Flaw flaw) {
        Payload body = new Text(USUAL_BYTES)
                .raw("{\"error\":")
                .string(flaw.code())
                .raw(",\"message\":")
                .string(flaw == Flaw.ORIGIN_NOT_ALLOWED ? "the key may not be used here" : "no valid credential")
                .end();
        return new Reply(UNAUTHORIZED, "application/json", Map.of(), body.copy());
    }
}
