// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The description of REST for programs, read once. */
public final class OpenApi implements HttpRoute {

    /** Where it is. */
    public static final String PATH = "/openapi.json";

    private final HttpReply reply;

    /** Reads it. */
    public OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing");
            }
            reply = new HttpReply(200, "application/json", Map.of(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public HttpReply reply(ClientRequest request) {
        return reply;
    }
}
