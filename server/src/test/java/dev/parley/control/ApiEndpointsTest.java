// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.RequestHeaders;
import dev.parley.core.port.SharedReplies;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiEndpointsTest {

    @Test
    void theDocumentHasExactlyTheEndpointsThereAre() {
        List<String> served = new ArrayList<>();
        all().forEach(endpoint -> served.add(endpoint.method() + " " + endpoint.path()));

        assertThat(documented()).containsExactlyInAnyOrderElementsOf(served);
    }

    /** Returns all endpoints, which answer nothing. */
    static List<ApiEndpoint> all() {
        InstantSource clock = InstantSource.system();
        ApiResponder none = (request, name, body, answer) -> {};
        return new ApiEndpoints(
                        new KeyAuthenticator(clock),
                        clock,
                        SharedReplies.NONE,
                        new PageCursors(Optional.empty()),
                        operation -> none,
                        none)
                .all();
    }

    private static List<String> documented() {
        String text = new String(
                new OpenApi()
                        .reply(new ClientRequest(
                                "GET", OpenApi.PATH, "", RequestHeaders.NONE, InetAddress.getLoopbackAddress()))
                        .body(),
                StandardCharsets.UTF_8);
        JsonNode document = JsonMapper.shared().readTree(text);
        List<String> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }
}
