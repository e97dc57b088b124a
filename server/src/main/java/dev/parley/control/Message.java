// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.Names;
import dev.parley.core.access.TokenTerms;
import dev.parley.core.port.Payload;
import dev.parley.core.port.Peer;
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
record Message(Peer from, Signal signal) {

    private static final String DEFAULT_SENDER = "system";

    static Message of(JsonObject body) throws Refused, JsonFault {
        String data = body.json("data");
        if (data == null) {
            throw Refused.invalid("\"data\" is missing");
        }
        String from = body.has("from") ? body.string("from") : DEFAULT_SENDER;
        if (from == null || !Names.isPeerId(from)) {
            throw Refused.invalid("\"from\" must be 1 to 128 characters without control characters");
        }
        String metadata = body.object("peerMetadata");
        if (metadata != null && utf8(metadata).length > TokenTerms.MAX_PEER_METADATA) {
            throw Refused.invalid("\"peerMetadata\" must be at most " + TokenTerms.MAX_PEER_METADATA + " bytes");
        }
        return new Message(new Peer(from, metadata), new Signal(Signal.Kind.TEXT, Payload.of(utf8(data))));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
