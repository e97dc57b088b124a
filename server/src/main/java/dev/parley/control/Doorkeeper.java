// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.BackEnd;
import dev.parley.core.access.BackEnds;
import dev.parley.core.port.Request;
import dev.parley.core.port.Throttle;
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
record Doorkeeper(BackEnds backEnds, Throttle throttle, RequestRates rates) {

    private static final String SCHEME = "Bearer ";

    BackEnd admit(Request request) throws Refused {
        BackEnd backEnd = known(request.headers().all("authorization"));
        if (backEnd == null) {
            throttle.failed(request.client());
            throw new Refused(Replies.UNAUTHORIZED);
        }
        rates.take(backEnd.key());
        return backEnd;
    }

    private @Nullable BackEnd known(List<String> shown) {
        if (shown.size() != 1) {
            return null;
        }
        String credentials = shown.getFirst();
        int colon = credentials.indexOf(':');
        boolean isBearer = credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length()); // RFC 9110 section 11.1
        return isBearer && colon >= 0
                ? backEnds.authenticate(
                        credentials.substring(SCHEME.length(), colon).strip(), credentials.substring(colon + 1))
                : null;
    }
}
