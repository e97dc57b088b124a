// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.boot.ParleyServer;
import dev.parley.config.ClientLimits;
import dev.parley.config.HostPort;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.ConfigurationSources;
import dev.parley.rawclient.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A whole Parley in this process, on a port of its own. */
public final class TestServer implements AutoCloseable {

    private final ParleyServer server;

    private TestServer(ParleyServer server) {
        this.server = server;
    }

    public static TestServer start() {
        return start(ClientLimits.defaults(), KeepaliveSettings.defaults());
    }

    public static TestServer start(ClientLimits limits, KeepaliveSettings keepalive) {
        return start(new SettingsBuilder().limits(limits).keepalive(keepalive).build());
    }

    public static TestServer start(ServerSettings settings) {
        try {
            return new TestServer(ParleyServer.start(settings));
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
    }

    /** With a configuration of this text, on any port. */
    static TestServer configured(Path folder, String yaml) {
        HostPort anywhere = new HostPort("127.0.0.1", 0);
        try {
            Path file = Files.writeString(folder.resolve("parley.yaml"), yaml);
            ConfigurationSources sources = new ConfigurationSources(
                    Optional.of(file), Map.of(), Optional.of(anywhere), Optional.of(anywhere), SettingsBuilder.SECRET);
            return start(new ConfigurationReader(sources).read().settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
    }

    /** Awaits that it is ready: as one of several nodes, that it follows what is decided. */
    public TestServer awaitReady() {
        while (!Operator.isReady(adminPort())) {
            Thread.onSpinWait();
        }
        return this;
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

    public void reload(ServerSettings settings) {
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
