// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.PeerIdentity;
import org.jspecify.annotations.Nullable;

/** The sender of a signal: a session of this node, or a client of any node whose signal a coordinator has decided. */
public interface SignalSource {

    /** Returns what others see of the sender. */
    PeerIdentity peer();

    /** What senders of one key and address have in common, compared by {@code equals}. */
    Object group();

    /** Its session, which gets nothing of what it publishes; null if that is on another node. */
    @Nullable
    Session session();

    /** Counts bytes that are posted to a loop for it, as {@link SenderCredit} describes. */
    void spend(int bytes);

    /** A loop has handled what was posted there. Safe from any thread. */
    void giveBack(int bytes);

    /**
     * A client of any node, which paid when it submitted the signal.
     *
     * @param session null if it is on another node
     */
    record Decided(
            PeerIdentity peer, Object group, @Nullable Session session) implements SignalSource {

        @Override
        public void spend(int bytes) {}

        @Override
        public void giveBack(int bytes) {}
    }
}
