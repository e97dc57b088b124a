// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Limits;
import dev.parley.config.Presence;
import dev.parley.core.access.App;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.Frames;
import dev.parley.core.port.Request;
import dev.parley.core.relay.Relay;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The v1 protocol, at {@code /v1}. */
public final class V1Dialect implements Dialect {

    private static final String PATH = "/v1";

    private final ConcurrentMap<App, Relay> relays = new ConcurrentHashMap<>();
    private final Authenticator authenticator;
    private final InstantSource clock;
    private final Limits limits;
    private final Presence presence;
    private final Words words;
    private final MessageDecoder decoder;

    /** The dialect, with nobody connected yet. */
    public V1Dialect(
            Frames frames, Authenticator authenticator, InstantSource clock, Limits limits, Presence presence) {
        this.authenticator = authenticator;
        this.clock = clock;
        this.limits = limits;
        this.presence = presence;
        this.words = new Words(frames);
        this.decoder = new MessageDecoder(limits.inboundBytes());
    }

    @Override
    public Reception receive(Request request) {
        return request.path().equals(PATH)
                ? new Accepted(connection -> open(connection, Query.credential(request)))
                : new NotServed();
    }

    /** The peers of this app. */
    public Relay relay(App app) {
        return relays.computeIfAbsent(app, it -> Relay.create(words));
    }

    private Conversation open(Connection connection, Credential credential) {
        V1Conversation conversation =
                new V1Conversation(connection, decoder, words, grant -> welcome(connection, grant));
        authenticator.authenticate(credential, verdict -> connection.loop().post(() -> conversation.decide(verdict)));
        return conversation;
    }

    private WelcomedClient welcome(Connection connection, Grant grant) {
        connection.send(words.welcome(grant.peer(), clock.instant().getEpochSecond(), limits.messageBytes()));
        WelcomedClient client = new WelcomedClient(connection, grant, relay(grant.app()), words, limits, presence);
        connection.admitted(); // last: a client that was not made whole is gone when its time is up
        return client;
    }
}
