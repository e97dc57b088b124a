// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.BuildInfo;
import dev.parley.boot.ConfigurationReloader;
import dev.parley.boot.ContinuitySecret;
import dev.parley.boot.LogSetup;
import dev.parley.boot.OpenFiles;
import dev.parley.boot.PageKeyCheck;
import dev.parley.boot.ParleyServer;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.ConfigurationSources;
import dev.parley.config.file.LoadedConfiguration;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process as a server: from its configuration to the signal that ends it. */
public final class ServingProcess {

    private static final Logger log = LoggerFactory.getLogger(ServingProcess.class);

    /** What closing may take in any case, then this long for the last lines of the log: the process has ended. */
    private static final Duration LAST_LINES = Duration.ofMillis(200);

    private ServingProcess() {}

    /** Serves as the environment says; the exit code. */
    public static int run() {
        try {
            return run(new ConfigurationSources(
                    Optional.empty(), System.getenv(), Optional.empty(), Optional.empty(), NewSecret.make()));
        } catch (SettingException | InterruptedException e) {
            return CommandFailure.tell(e);
        }
    }

    /** Serves until the process is asked to stop; the exit code. */
    static int run(ConfigurationSources sources) throws SettingException, InterruptedException {
        ParleyServer server = start(sources);
        try {
            StopSignals.release();
        } catch (RuntimeException e) {
            log.error("SIGTERM cannot be handled, so the server stops: start the JVM without ./parley", e);
            server.close();
            return CommandFailure.FAILED;
        }
        StopSignals.await();
        StopSignals.endAfter(server.closeTime().plus(LAST_LINES));
        server.withdraw(); // first: who reads the line finds the server not ready
        log.info("stopping: draining clients; another signal ends the server now");
        server.close();
        StopSignals.end("stopped");
        return 0;
    }

    /** Starts the server and tells where it listens; ends the process if it is asked to stop before. */
    static ParleyServer start(ConfigurationSources sources) throws SettingException {
        ConfigurationReader reader = new ConfigurationReader(sources);
        LoadedConfiguration configuration = reader.read();
        LogSetup.apply(configuration.settings().log());
        configuration.warnings().forEach(log::warn);
        PageKeyCheck.warnings(configuration.settings()).forEach(log::warn);
        OpenFiles.warning(configuration.settings()).ifPresent(log::warn);
        configuration.lines().forEach(line -> log.info("configuration: {}", line));
        if (StopSignals.isReceived()) {
            StopSignals.end("stopped before it served");
        }
        ParleyServer server = ParleyServer.start(ContinuitySecret.complete(configuration));
        if (!reader.files().isEmpty()) {
            ConfigurationReloader.start(
                            reader, configuration, server::reload, server.observer(), ConfigurationReloader.INTERVAL)
                    .onHangUp();
        }
        if (configuration.settings().cluster().isPresent()) {
            log.info("listening; not ready before the store of the cluster is reached");
        }
        server.whenReady(() -> tell(server, configuration.settings()));
        return server;
    }

    /** Logs the addresses that are served. */
    private static void tell(ParleyServer server, ServerSettings settings) {
        String s = server.isTls() ? "s" : "";
        String page = settings.services().pageKey().isPresent() ? "page http" + s + "://" + server.listen() + "/ " : "";
        String minimal =
                settings.services().minimal().isEnabled() ? "minimal ws" + s + "://" + server.listen() + "/ " : "";
        LoggerFactory.getLogger(LogSetup.ALWAYS)
                .info(
                        "Parley {} ready: {}websocket ws{}://{}/v1 {}admin http://{}/",
                        BuildInfo.version(),
                        page,
                        s,
                        server.listen(),
                        minimal,
                        server.admin());
        if (settings.mode() == ServerSettings.Mode.DEVELOPMENT) {
            Secret secret = settings.apps().getFirst().secretKeys().getFirst().secret();
            log.warn(
                    "DEVELOPMENT MODE: no keys are configured, so only programs and pages of this machine may connect,"
                            + " with the open key {} or the secret key {}:{}",
                    ServerSettings.DEVELOPMENT_KEY,
                    ServerSettings.DEVELOPMENT_SECRET_KEY,
                    secret.value());
        }
    }
}
