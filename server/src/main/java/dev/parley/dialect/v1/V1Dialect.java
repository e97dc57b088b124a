// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.ServerSettings;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.VisitorFlaw;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Payload;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.session.GuardedTask;
import dev.parley.json.JsonBuilder;
import java.time.InstantSource;
import java.util.Map;

/** The v1 protocol, at {@code /v1}. */
public final class V1Dialect implements Dialect {

    private static final String PATH = "/v1";
    private static final String NAME = "v1";
    private static final int UNAUTHORIZED = 401;
    private static final int USUAL_BYTES = 128;

    private final Authenticator authenticator;
    private final ArrivalThrottle throttle;
    private final V1Services services;

    /**
     * The dialect.
     *
     * @param core where its clients meet
     * @param frames makes what they are sent
     * @param authenticator judges their credentials
     * @param throttle counts bad ones
     */
    public V1Dialect(
            CoreServices core,
            FrameFactory frames,
            Authenticator authenticator,
            ArrivalThrottle throttle,
            IceServers iceServers,
            InstantSource clock,
            ServerSettings settings) {
        this.authenticator = authenticator;
        this.throttle = throttle;
        MessageCounters received = new MessageCounters(core.observer(), NAME);
        this.services = new V1Services(
                core,
                new V1Messages(frames),
                new MessageReader(new MessageDecoder(false), received),
                new MessageReader(new MessageDecoder(true), received),
                iceServers,
                clock,
                settings,
                GrantRules.of(settings));
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
    public boolean isPublic(ClientRequest request) {
        return authenticator.isPublishableKey(connecting(request, offer(request)));
    }

    private UpgradeRequest offer(ClientRequest request) {
        return UpgradeRequest.of(
                request, services.settings().services().continuity().isOffered());
    }

    private static ConnectingClient connecting(ClientRequest request, UpgradeRequest offer) {
        return new ConnectingClient(offer.credential(), request.headers().all("origin"), request.client());
    }

    /** What is wrong at first sight counts as a bad credential here too. */
    @Override
    public Reception receive(ClientRequest request) {
        UpgradeRequest offer = offer(request);
        ConnectingClient connecting = connecting(request, offer);
        VisitorFlaw flaw = services.settings().services().isStrictHttpReject() ? authenticator.flaw(connecting) : null;
        if (flaw != null) {
            throttle.recordFailure(connecting.address());
            return new Refused(refusal(flaw), flaw.code());
        }
        return new Accepted(offer.protocol(), connection -> open(connection, connecting, offer));
    }

    private ClientConversation open(ClientConnection connection, ConnectingClient connecting, UpgradeRequest offer) {
        ClientRejection rejection =
                new ClientRejection(connection, connecting, services.core().observer());
        CredentialCheck tokens = new CredentialCheck(authenticator, throttle, connecting.address());
        ClientAdmission admission = new ClientAdmission(services, rejection, offer, tokens);
        V1Conversation conversation =
                new V1Conversation(new V1Conversation.PendingAdmission(rejection, admission::welcome));
        tokens.check(
                connecting,
                result -> connection.loop().post(new GuardedTask(connection, () -> conversation.decide(result))));
        return conversation;
    }

    private static HttpReply refusal(VisitorFlaw flaw) {
        Payload body = new JsonBuilder(USUAL_BYTES)
                .raw("{\"error\":")
                .string(flaw.code())
                .raw(",\"message\":")
                .string(flaw == VisitorFlaw.ORIGIN_NOT_ALLOWED ? "the key may not be used here" : "no valid credential")
                .end();
        return new HttpReply(UNAUTHORIZED, "application/json", Map.of(), body.copy());
    }
}
