// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.function.Consumer;

/** Answers requests that may have a body. Safe from any thread. */
public interface HttpApi {

    /** Whether the path is one of its own. */
    boolean serves(String path);

    /**
     * Whether the request shows a credential that is public, is good, and is the only one: it is answered while bad
     * credentials come from its address. Costs little.
     */
    default boolean isPublic(ClientRequest request) {
        return false;
    }

    /**
     * Answers this request, now or later.
     *
     * @param body all of it, not copied and not to be changed
     * @param answer is given the reply, exactly once, on any thread
     */
    void answer(ClientRequest request, byte[] body, Consumer<HttpReply> answer);

    /** The answer to a request whose body is larger than is taken. */
    HttpReply tooLarge();

    /** Returns the reply for a client that requests too often. */
    HttpReply tooMany();
}
