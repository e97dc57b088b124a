// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.boot.Server;
import dev.parley.config.HostPort;
import dev.parley.config.Keepalive;
import dev.parley.config.Limits;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.Sources;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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

    /** With a configuration of this text, on any port. */
    static TestServer configured(Path folder, String yaml) {
        HostPort anywhere = new HostPort("127.0.0.1", 0);
        try {
            Path file = Files.writeString(folder.resolve("parley.yaml"), yaml);
            Sources sources = new Sources(
                    Optional.of(file), Map.of(), Optional.of(anywhere), Optional.of(anywhere), SettingsBuilder.SECRET);
            return start(new ConfigurationReader(sources).read().settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
