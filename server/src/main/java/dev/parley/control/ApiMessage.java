// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.NameRules;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.port.Payload;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * What a back end says to peers.
 *
 * @param from who is said to say it
 * @param signal what is said, as the bytes it was sent as
 */
record ApiMessage(PeerIdentity from, Signal signal) {

    private static final String DEFAULT_SENDER = "system";

    static ApiMessage of(JsonObject body) throws ApiRefusedException, JsonFault {
        String data = body.json("data");
        if (data == null) {
            throw ApiRefusedException.invalid("\"data\" is missing");
        }
        String from = body.has("from") ? body.string("from") : DEFAULT_SENDER;
        if (from == null || !NameRules.isPeerId(from)) {
            throw ApiRefusedException.invalid("\"from\" must be 1 to 128 characters without control characters");
        }
        String metadata = body.object("peerMetadata");
        if (metadata != null && utf8(metadata).length > TokenTerms.MAX_PEER_METADATA) {
            throw ApiRefusedException.invalid(
                    "\"peerMetadata\" must be at most " + TokenTerms.MAX_PEER_METADATA + " bytes");
        }
        return new ApiMessage(new PeerIdentity(from, metadata), new Signal(Signal.Kind.JSON, Payload.of(utf8(data))));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
