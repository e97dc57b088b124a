// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Settings;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.FairShares;
import dev.parley.core.access.Flaw;
import dev.parley.core.access.MessageBudgets;
import dev.parley.core.access.Visitor;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frames;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Observer;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.Throttle;
import dev.parley.core.relay.Relays;
import dev.parley.core.session.LastingTerms;
import dev.parley.core.session.MemoryBudget;
import dev.parley.core.session.SessionTerms;
import dev.parley.json.Text;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The v1 protocol, at {@code /v1}. */
public final class V1Dialect implements Dialect {

    private static final String PATH = "/v1";
    private static final String NAME = "v1";
    private static final int UNAUTHORIZED = 401;
    private static final int USUAL_BYTES = 128;

    private final Authenticator authenticator;
    private final Throttle throttle;
    private final House house;

    /**
     * The dialect, with nobody connected yet.
     *
     * @param memory for the messages that wait
     * @param heap for connections and subscriptions
     */
    public V1Dialect(
            Frames frames,
            Authenticator authenticator,
            Throttle throttle,
            Observer observer,
            IceServers iceServers,
            ResumeTokens resumeTokens,
            InstantSource clock,
            Settings settings,
            MemoryBudget memory,
            FairShares heap) {
        this.authenticator = authenticator;
        this.throttle = throttle;
        Words words = new Words(frames);
        Heard heard = new Heard(observer, NAME);
        this.house = new House(
                new Relays(
                        words,
                        () -> TimeUnit.MILLISECONDS.toSeconds(clock.millis()),
                        settings.presence().coalesce(),
                        connections -> new SessionTerms(
                                settings.limits().outboundBytes(), true, memory.share(), connections, observer),
                        heap),
                words,
                new Hearing(new MessageDecoder(false), heard),
                new Hearing(new MessageDecoder(true), heard),
                new LastingClients(
                        new LastingTerms(settings.continuity(), words::number, words, Closings::sessionEnd, observer),
                        resumeTokens),
                new MessageBudgets(settings.limits(), observer),
                iceServers,
                clock,
                settings,
                observer);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    @Override
    public boolean isPublic(Request request) {
        return authenticator.isPublishableKey(visitor(request, offer(request)));
    }

    private Offer offer(Request request) {
        return Offer.of(request, house.settings().continuity().isOffered());
    }

    private static Visitor visitor(Request request, Offer offer) {
        return new Visitor(offer.credential(), request.headers().all("origin"), request.client());
    }

    /** What is wrong at first sight counts as a bad credential here too. */
    @Override
    public Reception receive(Request request) {
        Offer offer = offer(request);
        Visitor visitor = visitor(request, offer);
        Flaw flaw = house.settings().isStrictHttpReject() ? authenticator.flaw(visitor) : null;
        if (flaw != null) {
            throttle.failed(visitor.address());
            return new Refused(refusal(flaw), flaw.code());
        }
        return new Accepted(offer.protocol(), connection -> open(connection, visitor, offer));
    }

    /** The peers of all apps. */
    public Relays relays() {
        return house.relays();
    }

    /** The sessions that outlive their sockets. */
    public LastingClients sessions() {
        return house.sessions();
    }

    private Conversation open(Connection connection, Visitor visitor, Offer offer) {
        Door door = new Door(connection, visitor, house.observer());
        Tokens tokens = new Tokens(authenticator, throttle, visitor.address());
        Welcoming welcoming = new Welcoming(house, door, offer, tokens);
        V1Conversation conversation = new V1Conversation(new V1Conversation.Threshold(door, welcoming::welcome));
        tokens.judge(
                visitor,
                verdict -> connection.loop().post(new Guarded(connection, () -> conversation.decide(verdict))));
        return conversation;
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
