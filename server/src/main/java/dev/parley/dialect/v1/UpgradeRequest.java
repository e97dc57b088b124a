// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Credential;
import dev.parley.core.port.ClientRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client offers when it asks for a WebSocket. A credential comes as an item of the subprotocols, where no log of
 * a proxy shows it, or in the query; the former counts before the latter, a token before a key.
 *
 * @param protocol the subprotocol that is spoken, null if the client offers none that is known
 * @param credential what it shows
 * @param resume the session it wants to go on with, null if none
 */
record UpgradeRequest(
        @Nullable String protocol,
        Credential credential,
        @Nullable ResumeRequest resume) {

    private static final String PLAIN = "v1";
    private static final String LASTING = "parley.v1";
    private static final String BEARER = "bearer.";
    private static final String KEY = "key.";

    /** @param isLastingOffered whether sessions may outlive their sockets */
    static UpgradeRequest of(ClientRequest request, boolean isLastingOffered) {
        List<String> protocols = protocols(request);
        Credential credential = among(protocols);
        return new UpgradeRequest(
                protocol(protocols, isLastingOffered),
                credential instanceof Credential.None ? inQuery(request) : credential,
                ResumeRequest.among(protocols));
    }

    /** Whether the session is to outlive its sockets. */
    boolean isLasting() {
        return LASTING.equals(protocol);
    }

    private static @Nullable String protocol(List<String> offered, boolean isLastingOffered) {
        if (isLastingOffered && offered.contains(LASTING)) {
            return LASTING;
        }
        return offered.contains(PLAIN) ? PLAIN : null;
    }

    private static List<String> protocols(ClientRequest request) {
        List<String> protocols = new ArrayList<>();
        for (String line : request.headers().all("sec-websocket-protocol")) {
            for (String item : line.split(",", -1)) {
                protocols.add(item.strip());
            }
        }
        return protocols;
    }

    private static Credential among(List<String> protocols) {
        Credential found = new Credential.None();
        for (String item : protocols) {
            if (item.startsWith(BEARER)) {
                return new Credential.Token(item.substring(BEARER.length()));
            }
            if (item.startsWith(KEY)) {
                found = new Credential.Key(item.substring(KEY.length()));
            }
        }
        return found;
    }

    private static Credential inQuery(ClientRequest request) {
        String token = request.parameter("token");
        if (token != null) {
            return new Credential.Token(token);
        }
        String key = request.parameter("key");
        return key != null ? new Credential.Key(key) : new Credential.None();
    }
}
