// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.SharedReplies;
import dev.parley.core.relay.AppDirectories;
import dev.parley.json.JsonFault;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * REST for back ends: everything below {@code /v1/}. What is not in {@link ApiEndpoints} is not there, for nobody; what
 * is, is for who shows a secret key; ICE servers are for clients too.
 */
public final class RestApi implements HttpApi {

    private static final Logger log = LoggerFactory.getLogger(RestApi.class);
    private static final String PREFIX = "/v1/";

    private final ApiEndpoints endpoints;
    private final HttpReply tooLarge;

    /**
     * The API.
     *
     * @param credentials those it accepts
     * @param directories the peers that it lists and sends to
     * @param iceServers what clients may use
     * @param shared what servers remember together of requests that must not be done twice
     * @param nanos a clock that does not go back
     * @param settings what it takes from the configuration
     */
    public RestApi(
            ApiCredentials credentials,
            AppDirectories directories,
            IceServers iceServers,
            SharedReplies shared,
            InstantSource clock,
            LongSupplier nanos,
            ApiSettings settings) {
        RequestRates rates = new RequestRates(settings.limits(), nanos);
        ApiAdmission admission = new ApiAdmission(credentials.backEnds(), credentials.throttle(), rates);
        this.endpoints = new ApiEndpoints(
                credentials.backEnds(),
                clock,
                shared,
                new PageCursors(settings.secret()),
                operation -> new BackEndResponder(operation, admission, directories, rates),
                new IceServerReport(admission, credentials.authenticator(), credentials.throttle(), iceServers));
        this.tooLarge = JsonReplies.error(
                413,
                JsonReplies.INVALID_REQUEST,
                "the body must have at most " + settings.limits().bodyBytes() + " bytes");
    }

    @Override
    public boolean serves(String path) {
        return path.startsWith(PREFIX);
    }

    @Override
    public boolean isPublic(ClientRequest request) {
        ApiEndpoints.Found found = endpoints.find(request.method(), request.path());
        return found != null && found.endpoint().responder().isPublic(request);
    }

    @Override
    public void answer(ClientRequest request, byte[] body, Consumer<HttpReply> answer) {
        ApiEndpoints.Found found = endpoints.find(request.method(), request.path());
        if (found == null) {
            answer.accept(JsonReplies.NOT_FOUND);
            return;
        }
        try {
            found.endpoint().responder().respond(request, found.name(), body, answer);
        } catch (ApiRefusedException refused) {
            answer.accept(refused.reply());
        } catch (JsonFault fault) {
            String message = Objects.requireNonNull(fault.getMessage());
            answer.accept(ApiRefusedException.invalid(message).reply());
        } catch (RuntimeException e) {
            log.error("{} failed", found.endpoint(), e);
            answer.accept(JsonReplies.FAILED);
        }
    }

    @Override
    public HttpReply tooLarge() {
        return tooLarge;
    }

    @Override
    public HttpReply tooMany() {
        return JsonReplies.TOO_MANY;
    }
}
