// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests with the id and the secret of a secret key, in the form of RFC 6750 section 2.1, within the rate of
 * the key.
 *
 * @param backEnds authenticates the key
 * @param throttle counts requests without a valid credential
 * @param rates counts the requests of each key
 */
record ApiAdmission(BackEnds backEnds, ArrivalThrottle throttle, RequestRates rates) {

    private static final String SCHEME = "Bearer ";

    BackEnd admit(ClientRequest request) throws ApiRefusedException {
        List<String> shown = request.headers().all("authorization");
        String id = shown.size() == 1 ? keyId(shown.getFirst()) : null;
        if (id == null) {
            throw refused(
                    request, shown.isEmpty() ? "no credential" : "no credential of the form \"Bearer <id>:<secret>\"");
        }
        String credentials = shown.getFirst();
        BackEnd backEnd = backEnds.authenticate(id, credentials.substring(credentials.indexOf(':') + 1));
        if (backEnd == null) {
            throw refused(request, backEnds.refusal(id));
        }
        rates.take(backEnd.key());
        return backEnd;
    }

    private ApiRefusedException refused(ClientRequest request, String reason) {
        throttle.recordFailure(request.client());
        return new ApiRefusedException(JsonReplies.UNAUTHORIZED.refusedFor(reason));
    }

    /** Returns the id of the key that is shown; null if what is shown is not an id and a secret. */
    private static @Nullable String keyId(String credentials) {
        int colon = credentials.indexOf(':');
        boolean isBearer = credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length()); // RFC 9110 section 11.1
        return isBearer && colon >= 0
                ? credentials.substring(SCHEME.length(), colon).strip()
                : null;
    }
}
