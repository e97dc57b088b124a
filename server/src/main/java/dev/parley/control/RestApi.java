// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.ClientLimits;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.IceServers;
import dev.parley.core.relay.AppDirectories;
import dev.parley.json.JsonFault;
import java.time.InstantSource;
import java.util.Objects;
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
    private final RequestRates rates;
    private final ApiAdmission admission;
    private final IceServerReport iceServers;
    private final AppDirectories directories;
    private final HttpReply tooLarge;

    /**
     * The API.
     *
     * @param backEnds whose keys open it
     * @param authenticator knows clients, for what they may ask too
     * @param directories the peers that it lists and sends to
     * @param iceServers what clients may use
     * @param throttle counts bad credentials
     * @param nanos a clock that does not go back
     * @param limits the size of bodies and the rate of a key
     */
    public RestApi(
            BackEnds backEnds,
            Authenticator authenticator,
            AppDirectories directories,
            IceServers iceServers,
            ArrivalThrottle throttle,
            InstantSource clock,
            LongSupplier nanos,
            ClientLimits limits) {
        this.endpoints = new ApiEndpoints(backEnds, clock);
        this.rates = new RequestRates(limits, nanos);
        this.admission = new ApiAdmission(backEnds, throttle, rates);
        this.iceServers = new IceServerReport(admission, authenticator, throttle, iceServers);
        this.directories = directories;
        this.tooLarge = JsonReplies.error(
                413, JsonReplies.INVALID_REQUEST, "the body must have at most " + limits.bodyBytes() + " bytes");
    }

    @Override
    public boolean serves(String path) {
        return path.startsWith(PREFIX);
    }

    @Override
    public boolean isPublic(ClientRequest request) {
        return isAboutIce(request) && iceServers.isPublic(request);
    }

    private static boolean isAboutIce(ClientRequest request) {
        return request.path().equals(IceServerReport.PATH) && request.method().equals("GET");
    }

    @Override
    public HttpReply reply(ClientRequest request, byte[] body) {
        boolean isAboutIce = isAboutIce(request);
        ApiEndpoints.Found found = isAboutIce ? null : endpoints.find(request.method(), request.path());
        if (found == null && !isAboutIce) {
            return JsonReplies.NOT_FOUND;
        }
        try {
            if (found == null) {
                return iceServers.reply(request);
            }
            BackEnd backEnd = admission.admit(request);
            ApiCall call = new ApiCall(backEnd, directories.of(backEnd.app()), request, found.name(), body);
            return perform(found.endpoint().operation(), call);
        } catch (ApiRefusedException refused) {
            return refused.reply();
        } catch (JsonFault fault) {
            return ApiRefusedException.invalid(Objects.requireNonNull(fault.getMessage()))
                    .reply();
        } catch (RuntimeException e) {
            log.error("{} failed", found == null ? IceServerReport.PATH : found.endpoint(), e);
            return JsonReplies.FAILED;
        }
    }

    /** Charges the cost of a request to its key, also of one that fails. */
    private HttpReply perform(ApiOperation operation, ApiCall call) throws ApiRefusedException, JsonFault {
        try {
            return operation.perform(call);
        } finally {
            rates.charge(call.backEnd().key(), call.effort().requests());
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
