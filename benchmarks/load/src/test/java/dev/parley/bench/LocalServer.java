// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.boot.ParleyServer;
import dev.parley.config.HostPort;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import java.util.Optional;

/** A server in development mode in this process, on a free port. */
final class LocalServer implements AutoCloseable {

    private final ParleyServer server;

    private LocalServer(ParleyServer server) {
        this.server = server;
    }

    static LocalServer start() {
        Optional<HostPort> anywhere = Optional.of(new HostPort("127.0.0.1", 0));
        try {
            return new LocalServer(ParleyServer.start(
                    ServerSettings.development(anywhere, anywhere, new Secret("0123456789abcdef0123456789abcdef"))));
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return server.listen().port();
    }

    @Override
    public void close() {
        server.close();
    }
}
