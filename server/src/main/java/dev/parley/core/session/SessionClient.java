// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.access.Grant;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.SessionEvent;

/**
 * What handles the messages of a session's client, and is notified of what happens to the session. On the session's
 * loop.
 */
public interface SessionClient extends ClientConversation {

    /** What the session may do has changed. The session ends if this fails. */
    void rightsChanged();

    /** The client has resumed the session, and presented this grant. */
    default void resumed(Grant grant) {}

    /** The client has been without a socket for a while, or is back after that. */
    default void away(boolean isAway) {}

    /** A signal of the client, which was acknowledged, did not reach all sessions of its receiver. */
    default void missed(SessionEvent.Undelivered event) {}
}
