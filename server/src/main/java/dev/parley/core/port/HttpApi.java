// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** Answers every request on paths of its own, whatever its method. Safe from any thread; must not block. */
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
     * The answer to this request.
     *
     * @param body all of it, not copied and not to be changed
     */
    HttpReply reply(ClientRequest request, byte[] body);

    /** The answer to a request whose body is larger than is taken. */
    HttpReply tooLarge();

    /** The answer to whoever asks too often. */
    HttpReply tooMany();
}
