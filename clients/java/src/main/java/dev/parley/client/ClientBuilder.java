// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a client is to be. For one thread; may be used for several clients. */
public final class ClientBuilder {

    private final URI server;
    private @Nullable Supplier<Credential> credentials;
    private boolean wantsContinuity = true;
    private Duration firstBackoff = Duration.ofMillis(500);
    private Duration mostBackoff = Duration.ofSeconds(30);
    private int maxRequests = 1000;
    private ClientSockets sockets = ClientSockets.usual();

    ClientBuilder(URI server) {
        boolean isWebSocket = "ws".equals(server.getScheme()) || "wss".equals(server.getScheme());
        if (!isWebSocket || server.getHost() == null) {
            throw new IllegalArgumentException("not ws://... or wss://...: " + server);
        }
        boolean hasPath = server.getPath() != null && server.getPath().length() > 1;
        this.server = hasPath ? server : server.resolve("/v1");
    }

    /** The same credential on each connect. Either this or {@link #credentials} is needed. */
    public ClientBuilder credential(Credential credential) {
        return credentials(() -> credential);
    }

    /**
     * Where to get a credential, asked on each connect, so that one that ends can be followed by another. May block. If
     * it throws, that is a failed attempt to connect. Must be of the same key or peer each time, else sessions cannot
     * be resumed.
     */
    public ClientBuilder credentials(Supplier<Credential> source) {
        credentials = source;
        return this;
    }

    /** Whether {@code parley.v1} is offered; it is unless this says otherwise. */
    public ClientBuilder continuity(boolean isWanted) {
        wantsContinuity = isWanted;
        return this;
    }

    /**
     * How long it may wait between attempts to connect: the first follows at once, then the bound doubles each time,
     * and the wait is anything up to it. A connection that lasts for less than the first bound counts as a failed
     * attempt.
     *
     * @param first 0.5 s unless this says otherwise
     * @param most 30 s unless this says otherwise
     * @throws IllegalArgumentException if the first is not positive, or the other less, or more than a day
     */
    public ClientBuilder backoff(Duration first, Duration most) {
        if (!first.isPositive() || most.compareTo(first) < 0 || most.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("no bounds: " + first + " to " + most);
        }
        firstBackoff = first;
        mostBackoff = most;
        return this;
    }

    /**
     * How many requests may wait to be heard or answered; 1,000 unless this says otherwise. Beyond it they are refused.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ClientBuilder maxRequests(int most) {
        if (most <= 0) {
            throw new IllegalArgumentException("no requests: " + most);
        }
        maxRequests = most;
        return this;
    }

    /** Whose sockets to use; all clients share one of their own unless this says otherwise. */
    public ClientBuilder http(HttpClient http) {
        return sockets(new HttpSockets(http, SharedResources.EXECUTOR));
    }

    /** Other sockets than those of the JDK, for instance false ones for a test. */
    public ClientBuilder sockets(ClientSockets others) {
        sockets = others;
        return this;
    }

    /**
     * A client that begins to connect. Nothing of it keeps the process alive: whoever has nothing else to do waits for
     * {@link ParleyClient#closed}.
     *
     * @throws IllegalStateException if there is no credential
     */
    public ParleyClient connect(Listener listener) {
        if (credentials == null) {
            throw new IllegalStateException("no credential");
        }
        ClientSettings settings = new ClientSettings(
                server,
                credentials,
                wantsContinuity,
                firstBackoff,
                mostBackoff,
                maxRequests,
                sockets,
                SharedResources.EXECUTOR,
                SharedResources.TIME,
                () -> ThreadLocalRandom.current().nextDouble());
        return ParleyClient.start(settings, listener);
    }
}
