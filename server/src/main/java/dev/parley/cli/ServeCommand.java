// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.Build;
import dev.parley.boot.LogSetup;
import dev.parley.boot.Reloading;
import dev.parley.boot.Server;
import dev.parley.boot.Signals;
import dev.parley.config.HostPort;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.config.file.Configuration;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.Sources;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley serve}: serves until the process is asked to stop. */
@Command(
        name = "serve",
        description =
                "Serves until stopped by SIGTERM or SIGINT. Without a configuration, PARLEY_KEY or PARLEY_SECRET it"
                        + " is development mode: loopback only.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (docs/configuration.md), read again when it changes and on SIGHUP."
                    + " Environment: PARLEY_CONFIG.")
    private @Nullable Path config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where clients connect; port 0 = any free one. Default: localhost:8080. Environment: PARLEY_LISTEN.")
    private @Nullable String listen;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Where operators look. Default: 127.0.0.1:9090. Environment: PARLEY_ADMIN.")
    private @Nullable String admin;

    @Override
    public Integer call() throws SettingException, InterruptedException {
        ConfigurationReader reader = new ConfigurationReader(new Sources(
                Optional.ofNullable(config),
                System.getenv(),
                address("--listen", listen),
                address("--admin", admin),
                NewSecret.make()));
        Configuration configuration = reader.read();
        LogSetup.apply(configuration.settings().log());
        configuration.warnings().forEach(log::warn);
        configuration.lines().forEach(line -> log.info("configuration: {}", line));
        CountDownLatch stop = new CountDownLatch(1);
        Signals.on("TERM", () -> stop(stop));
        Signals.on("INT", () -> stop(stop));
        Server server = Server.start(configuration.settings());
        if (!reader.files().isEmpty()) {
            Reloading.start(reader, configuration, server::reload, server.observer(), Reloading.INTERVAL)
                    .onHangUp();
        }
        tell(server, configuration.settings());
        stop.await();
        log.info("stopping: clients are let go; another signal ends the server now");
        server.close();
        end("stopped");
        return 0;
    }

    /** Tells where it listens. */
    static void tell(Server server, Settings settings) {
        String s = server.isTls() ? "s" : "";
        String page = settings.pageKey().isPresent() ? "page http" + s + "://" + server.listen() + "/ " : "";
        LoggerFactory.getLogger(LogSetup.ALWAYS)
                .info(
                        "Parley {} ready: {}websocket ws{}://{}/ admin http://{}/",
                        Build.version(),
                        page,
                        s,
                        server.listen(),
                        server.admin());
        if (settings.mode() == Settings.Mode.DEVELOPMENT) {
            Secret secret = settings.apps().getFirst().secretKeys().getFirst().secret();
            log.warn(
                    "DEVELOPMENT MODE: no keys are configured, so only programs and pages of this machine may connect,"
                            + " with the open key {} or the secret key {}:{}",
                    Settings.DEVELOPMENT_KEY,
                    Settings.DEVELOPMENT_SECRET_KEY,
                    secret.value());
        }
    }

    /** The first signal asks to stop, the second not to wait. */
    private static void stop(CountDownLatch stop) {
        if (stop.getCount() == 0) {
            end("stopped at once");
        }
        stop.countDown();
    }

    private static void end(String word) {
        log.info(word);
        LogSetup.flush();
        Runtime.getRuntime().halt(0); // nothing is left to wait for
    }

    private static Optional<HostPort> address(String option, @Nullable String given) throws SettingException {
        try {
            return given == null ? Optional.empty() : Optional.of(HostPort.parse(given));
        } catch (SettingException e) {
            throw new SettingException(option + ": " + e.getMessage());
        }
    }
}
