// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.time.Duration;
import java.util.List;

/**
 * A STUN or TURN server for clients.
 *
 * @param urls where it is (RFC 7064, RFC 7065)
 * @param access what a client has to show there
 */
public record IceServer(List<String> urls, Access access) {

    /** Keeps a copy. */
    public IceServer {
        urls = List.copyOf(urls);
    }

    /** What a client has to show. */
    public sealed interface Access {}

    /** The server takes no credentials. */
    public record Open() implements Access {}

    /**
     * The same for everyone.
     *
     * @param username no secret by itself
     */
    public record Fixed(String username, Secret credential) implements Access {}

    /**
     * Credentials made for each client, which end by themselves: what coturn calls the TURN REST API.
     *
     * @param secret shared with the TURN server
     * @param ttl how long they are good
     */
    public record TimeLimited(Secret secret, Duration ttl) implements Access {}

    /** Returns whether only keys with TURN rights hand it out: it relays media, or may. */
    public boolean isForSome() {
        return !(access instanceof Open);
    }
}
