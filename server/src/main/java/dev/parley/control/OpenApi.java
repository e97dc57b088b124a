// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The description of REST for programs, read once. */
public final class OpenApi implements Route {

    /** Where it is. */
    public static final String PATH = "/openapi.json";

    private final Reply reply;

    /** Reads it. */
    public OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing");
            }
            reply = new Reply(200, "application/json", Map.of(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Reply reply(Request request) {
        return reply;
    }
}
