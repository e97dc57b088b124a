// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers {@code /health}: the process lives and its loops turn. It says nothing else, so that it may be public. */
public final class Health implements Route {

    private static final Reply OK =
            new Reply(200, "application/json", Map.of(), "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII));

    @Override
    public Reply reply(Request request) {
        return OK;
    }
}
