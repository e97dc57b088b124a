// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.boot.Server;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.rawclient.RawClient;

/** A whole Parley in this process, on a port of its own. */
public final class TestServer implements AutoCloseable {

    private final Server server;

    private TestServer(Server server) {
        this.server = server;
    }

    public static TestServer start() {
        return start(Limits.defaults(), Keepalive.defaults());
    }

    public static TestServer start(Limits limits, Keepalive keepalive) {
        return start(new SettingsBuilder().limits(limits).keepalive(keepalive).build());
    }

    public static TestServer start(Settings settings) {
        try {
            return new TestServer(Server.start(settings));
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return server.listen().port();
    }

    public int adminPort() {
        return server.admin().port();
    }

    public RawClient open(String path) {
        return RawClient.open(port(), path);
    }

    public void reload(Settings settings) {
        server.reload(settings);
    }

    public RawClient open(String path, String... headers) {
        return RawClient.tcp(port()).upgrade(path, headers);
    }

    @Override
    public void close() {
        server.close();
    }
}
