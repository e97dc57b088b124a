// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import org.jspecify.annotations.Nullable;

/** A session that ends with its socket. A signal that it does not take is counted, and its sender is not notified. */
public final class PlainSession extends Session {

    /** See {@link Session}. */
    public PlainSession(
            ClientConnection connection, PeerIdentity peer, Object group, SessionTerms terms, ClientProtocol protocol) {
        super(connection, peer, group, terms, protocol);
    }

    @Override
    public boolean isLasting() {
        return false;
    }

    @Override
    void pass(Frame frame, @Nullable SignalOrigin origin) {
        connection().send(frame);
    }

    @Override
    void dropped(@Nullable SignalOrigin origin) {
        terms().observer().dropped();
    }

    @Override
    int queueBytes() {
        return terms().queueBytes();
    }

    @Override
    int leastWeight() {
        return 0;
    }

    @Override
    boolean mayQueue(int count) {
        return true;
    }

    @Override
    HeldMessages holding() {
        return new HeldMessages(terms().memory().of(group()), connection());
    }

    @Override
    boolean delaysOffers() {
        return protocol().delaysOffers();
    }
}
