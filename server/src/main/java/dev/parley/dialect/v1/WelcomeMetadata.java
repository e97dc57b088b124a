// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Grant;
import dev.parley.core.port.IceServers;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a client learns about itself in its welcome: the metadata of its token, with the ICE servers it may use. */
final class WelcomeMetadata {

    private static final String ICE_SERVERS = "iceServers";

    private WelcomeMetadata() {}

    /** The text of a JSON object, null if there is nothing to tell. A list the token brings itself is left as it is. */
    static @Nullable String of(Grant grant, IceServers servers) {
        String own = grant.metadata();
        if (own != null && hasList(own)) {
            return own;
        }
        IceServers.Offer offer = servers.offer(grant.authority().powers().hasTurn(), grant.expiresAt());
        if (offer == null) {
            return own;
        }
        String list = "{\"" + ICE_SERVERS + "\":" + offer.json();
        return own == null || isEmpty(own) ? list + "}" : list + "," + own.substring(own.indexOf('{') + 1);
    }

    private static boolean hasList(String json) {
        return read(json).has(ICE_SERVERS);
    }

    private static boolean isEmpty(String json) {
        return read(json).keys().isEmpty();
    }

    private static JsonObject read(String json) {
        try {
            return JsonObject.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonFault e) {
            throw new IllegalStateException(e); // it was read when the token was
        }
    }
}
