// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.json.JsonFault;
import java.util.function.Consumer;

/** Answers the requests of an endpoint, whoever sends them. Safe from any thread; must not block. */
interface ApiResponder {

    /** Whether the request shows a credential that is public, is good, and is the only one. */
    default boolean isPublic(ClientRequest request) {
        return false;
    }

    /**
     * Answers a request.
     *
     * @param name what the path names, as sent; empty if the endpoint takes none
     * @param body not to be changed
     * @param answer is given the reply once, on any thread, unless this fails
     * @throws JsonFault if the body is not what it must be
     */
    void respond(ClientRequest request, String name, byte[] body, Consumer<HttpReply> answer)
            throws ApiRefusedException, JsonFault;
}
