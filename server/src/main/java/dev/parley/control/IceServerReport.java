// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.IceServers;
import dev.parley.json.JsonBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells which ICE servers may be used: to clients that do not speak v1, and to back ends that pass it on. The one
 * answer of REST that pages may read, those of the key they show.
 */
final class IceServerReport implements ApiResponder {

    private static final String SCHEME = "Bearer ";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final Map<String, String> BY_ORIGIN = Map.of("Vary", "Origin");

    private final ApiAdmission admission;
    private final Authenticator authenticator;
    private final ArrivalThrottle throttle;
    private final IceServers servers;

    IceServerReport(ApiAdmission admission, Authenticator authenticator, ArrivalThrottle throttle, IceServers servers) {
        this.admission = admission;
        this.authenticator = authenticator;
        this.throttle = throttle;
        this.servers = servers;
    }

    @Override
    public boolean isPublic(ClientRequest request) {
        Credential credential = credential(request);
        return credential != null && authenticator.isPublishableKey(connecting(request, credential));
    }

    private static ConnectingClient connecting(ClientRequest request, Credential credential) {
        return new ConnectingClient(credential, request.headers().all("origin"), request.client());
    }

    @Override
    public void respond(ClientRequest request, String name, byte[] body, Consumer<HttpReply> answer) {
        Credential credential = credential(request);
        if (credential == null) {
            answer.accept(replyToBackEnd(request));
        } else if (!throttle.tryTakeIceServers(request.client())) {
            answer.accept(with(JsonReplies.TOO_MANY, BY_ORIGIN));
        } else {
            authenticator.authenticate(
                    connecting(request, credential),
                    result -> answer.accept(replyToClient(request, credential, result)));
        }
    }

    private HttpReply replyToBackEnd(ClientRequest request) {
        try {
            return report(admission.admit(request).key().powers().hasTurn(), 0, BY_ORIGIN);
        } catch (ApiRefusedException refused) {
            return with(refused.reply(), BY_ORIGIN);
        }
    }

    /** Null if a secret key is shown, or something else that no client shows. */
    private static @Nullable Credential credential(ClientRequest request) {
        List<String> shown = request.headers().all("authorization");
        if (!shown.isEmpty()) {
            String first = shown.getFirst();
            boolean isToken = shown.size() == 1
                    && first.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                    && first.indexOf(':') < 0;
            return isToken
                    ? new Credential.Token(first.substring(SCHEME.length()).strip())
                    : null;
        }
        String token = request.parameter("token");
        if (token != null) {
            return new Credential.Token(token);
        }
        String key = request.parameter("key");
        return key == null ? null : new Credential.Key(key);
    }

    private HttpReply replyToClient(ClientRequest request, Credential credential, AuthenticationResult result) {
        List<String> origins = request.headers().all("origin");
        return switch (result) {
            case AuthenticationResult.Granted granted -> report(granted.grant(), headers(credential, origins));
            case AuthenticationResult.Invalid invalid -> {
                throttle.recordFailure(request.client());
                yield unauthorized(credential, invalid.reason());
            }
            case AuthenticationResult.Expired expired -> unauthorized(credential, "an expired token");
            case AuthenticationResult.Useless useless ->
                unauthorized(credential, "a token without a channel its key may give");
            case AuthenticationResult.Suspended suspended -> unauthorized(credential, "its app is disabled");
            case AuthenticationResult.Unknown unknown -> with(JsonReplies.LATER, BY_ORIGIN);
        };
    }

    private static HttpReply unauthorized(Credential credential, String reason) {
        HttpReply reply = credential instanceof Credential.Key ? JsonReplies.KEY_REFUSED : JsonReplies.UNAUTHORIZED;
        return with(reply.refusedFor(reason), BY_ORIGIN);
    }

    private HttpReply report(Grant grant, Map<String, String> headers) {
        long until = grant.expiresAt() == Grant.NEVER ? 0 : grant.expiresAt();
        return report(grant.authority().powers().hasTurn(), until, headers);
    }

    private HttpReply report(boolean hasTurn, long until, Map<String, String> headers) {
        IceServers.Offer offer = servers.offer(hasTurn, until);
        JsonBuilder text = JsonReplies.text().raw("{\"iceServers\":").json(offer == null ? "[]" : offer.json());
        text.raw(",\"expiresAt\":");
        if (offer == null || offer.expiresAt() == Long.MAX_VALUE) {
            text.raw("null");
        } else {
            text.number(offer.expiresAt());
        }
        return with(JsonReplies.ok(text.end()), headers);
    }

    /** The page of a key may read it: that the key allows the page was found out by then. */
    private static Map<String, String> headers(Credential credential, List<String> origins) {
        boolean isPage = credential instanceof Credential.Key && origins.size() == 1;
        return isPage ? Map.of("Vary", "Origin", ALLOW_ORIGIN, origins.getFirst()) : BY_ORIGIN;
    }

    private static HttpReply with(HttpReply reply, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(reply.headers());
        headers.putAll(more);
        return new HttpReply(reply.status(), reply.contentType(), headers, reply.body(), reply.refusal());
    }
}
