// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Limits;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.port.Api;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Throttle;
import dev.parley.core.relay.Relays;
import dev.parley.json.JsonFault;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * REST for back ends: everything below {@code /v1/}. What is not in {@link Endpoints} is not there, for nobody; what is,
 * is for who shows a secret key; ICE servers are for clients too.
 */
public final class RestApi implements Api {

    private static final Logger log = LoggerFactory.getLogger(RestApi.class);
    private static final String PREFIX = "/v1/";

    private final Endpoints endpoints;
    private final RequestRates rates;
    private final Doorkeeper doorkeeper;
    private final IceServerReport iceServers;
    private final Relays relays;
    private final Reply tooLarge;

    /**
     * The API.
     *
     * @param backEnds whose keys open it
     * @param authenticator knows clients, for what they may ask too
     * @param relays the peers it tells of and speaks to
     * @param iceServers what clients may use
     * @param throttle is told of bad credentials
     * @param nanos a clock that does not go back
     * @param limits the size of bodies and the rate of a key
     */
    public RestApi(
            BackEnds backEnds,
            Authenticator authenticator,
            Relays relays,
            IceServers iceServers,
            Throttle throttle,
            InstantSource clock,
            LongSupplier nanos,
            Limits limits) {
        this.endpoints = new Endpoints(backEnds, clock);
        this.rates = new RequestRates(limits, nanos);
        this.doorkeeper = new Doorkeeper(backEnds, throttle, rates);
        this.iceServers = new IceServerReport(doorkeeper, authenticator, throttle, iceServers);
        this.relays = relays;
        this.tooLarge = Replies.error(
                413, Replies.INVALID_REQUEST, "the body must have at most " + limits.bodyBytes() + " bytes");
    }

    @Override
    public boolean serves(String path) {
        return path.startsWith(PREFIX);
    }

    @Override
    public boolean isPublic(Request request) {
        return isAboutIce(request) && iceServers.isPublic(request);
    }

    private static boolean isAboutIce(Request request) {
        return request.path().equals(IceServerReport.PATH) && request.method().equals("GET");
    }

    @Override
    public Reply reply(Request request, byte[] body) {
        boolean isAboutIce = isAboutIce(request);
        Endpoints.Found found = isAboutIce ? null : endpoints.find(request.method(), request.path());
        if (found == null && !isAboutIce) {
            return Replies.NOT_FOUND;
        }
        try {
            if (found == null) {
                return iceServers.reply(request);
            }
            BackEnd backEnd = doorkeeper.admit(request);
            Call call = new Call(backEnd, relays.of(backEnd.app()), request, found.name(), body);
            return perform(found.endpoint().operation(), call);
        } catch (Refused refused) {
            return refused.reply();
        } catch (JsonFault fault) {
            return Refused.invalid(Objects.requireNonNull(fault.getMessage())).reply();
        } catch (RuntimeException e) {
            log.error("{} failed", found == null ? IceServerReport.PATH : found.endpoint(), e);
            return Replies.FAILED;
        }
    }

    /** Charges the cost of a request to its key, also of one that fails. */
    private Reply perform(Operation operation, Call call) throws Refused, JsonFault {
        try {
            return operation.perform(call);
        } finally {
            rates.charge(call.backEnd().key(), call.effort().requests());
        }
    }

    @Override
    public Reply tooLarge() {
        return tooLarge;
    }

    @Override
    public Reply tooMany() {
        return Replies.TOO_MANY;
    }
}
