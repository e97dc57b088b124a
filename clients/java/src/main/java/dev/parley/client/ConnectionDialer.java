// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one connection after the other, when told to, and not too fast. For the client's lock only. */
final class ConnectionDialer {

    private final ClientSettings settings;
    private final ClientLock exclusive;
    private final WatchedSocket.Party party;
    private final Function<Credential, List<String>> offer;
    private final RetryBackoff backoff;
    private @Nullable WatchedSocket connection;
    private ClientLock.@Nullable Alarm waiting;
    private @Nullable Duration advised;
    private boolean isStopped;

    /** @param offer the subprotocols to be offered with a credential */
    ConnectionDialer(
            ClientSettings settings,
            ClientLock exclusive,
            WatchedSocket.Party party,
            Function<Credential, List<String>> offer) {
        this.settings = settings;
        this.exclusive = exclusive;
        this.party = party;
        this.offer = offer;
        this.backoff = new RetryBackoff(settings.firstBackoff(), settings.mostBackoff(), settings.random());
    }

    /** Dials. The credential is asked for outside the lock: that may take its time. */
    void dial() {
        settings.executor().execute(() -> {
            Credential credential;
            try {
                credential = Objects.requireNonNull(settings.credentials().get());
            } catch (RuntimeException e) {
                exclusive.run(() -> party.ended(ClientSocket.NO_CLOSE, "no credential: " + e));
                return;
            }
            exclusive.run(() -> dial(credential));
        });
    }

    private void dial(Credential credential) {
        if (!isStopped) {
            connection = new WatchedSocket(exclusive, party);
            connection.open(settings.sockets(), settings.server(), offer.apply(credential));
        }
    }

    /** Dials again at once, or after a while if attempts failed before; returns after how long. */
    Duration redial() {
        return dialAfter(pause(true));
    }

    /** Dials again after a while; returns after how long. */
    Duration redialLater() {
        return dialAfter(pause(false));
    }

    /** The server says when to come back: that counts for the next dialing. */
    void advise(long retryAfterMs) {
        advised = Duration.ofMillis(retryAfterMs);
    }

    /** Ends the connection there is with this Close code, and dials no more. */
    void stop(int code) {
        isStopped = true;
        if (waiting != null) {
            waiting.cancel();
        }
        if (connection != null) {
            connection.close(code);
        }
    }

    private Duration pause(boolean mayBeAtOnce) {
        if (connection != null && backoff.isSuccess(connection.age())) {
            backoff.reset();
        }
        connection = null;
        Duration advice = advised;
        advised = null;
        if (advice != null) {
            return backoff.advised(advice);
        }
        return mayBeAtOnce ? backoff.next() : backoff.later();
    }

    private Duration dialAfter(Duration delay) {
        if (!isStopped) {
            waiting = exclusive.after(delay, this::dial);
        }
        return delay;
    }
}
