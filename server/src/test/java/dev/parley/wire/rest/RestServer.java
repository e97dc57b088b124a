// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.SettingsBuilder;
import dev.parley.wire.TestServer;

/** A server with the tenants of {@link TestApps}. */
final class RestServer implements AutoCloseable {

    private final TestServer server = TestServer.start(new SettingsBuilder()
            .apps(TestApps.acme(), TestApps.rival(), TestApps.closed())
            .limits(new LimitsBuilder().failuresPerMinute(0).build())
            .build());

    int port() {
        return server.port();
    }

    /** A back end with this key. */
    Rest as(TestApps.Key key) {
        return Rest.at(port()).as(key);
    }

    TestServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
