// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers {@code /health}: the process lives and its loops turn. It says nothing else, so that it may be public. */
public final class HealthRoute implements HttpRoute {

    private static final HttpReply OK =
            new HttpReply(200, "application/json", Map.of(), "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII));

    @Override
    public HttpReply reply(ClientRequest request) {
        return OK;
    }
}
