// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/**
 * Identifies a session that outlives its sockets, on any node.
 *
 * @param epoch the run of the server that began the session, see {@link ResumeTokens#epoch}
 * @param number counts the sessions of that run, from 1
 */
public record SessionId(String epoch, long number) {

    /** Returns the id as clients receive it. */
    @Override
    public String toString() {
        return epoch + "-" + number;
    }
}
