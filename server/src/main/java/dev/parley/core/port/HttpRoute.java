// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** Answers {@code GET} requests on one path. Safe from any thread; must not block. */
@FunctionalInterface
public interface HttpRoute {

    /** Returns the reply to this request. */
    HttpReply reply(ClientRequest request);
}
