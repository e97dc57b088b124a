// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.LogSetup;
import dev.parley.boot.Server;
import dev.parley.config.HostPort;
import dev.parley.config.SettingException;
import dev.parley.config.Settings;
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
        description = "Serves until stopped by SIGTERM or SIGINT. Without keys it is development mode: loopback only.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

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
        Settings settings = Settings.development(
                address("--listen", listen, "PARLEY_LISTEN"),
                address("--admin", admin, "PARLEY_ADMIN"),
                NewSecret.make());
        Server server = start(settings);
        // A signal ends the JVM through this hook; halting in it is the only way to end with 0 instead of 143.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    /** Starts and tells where. */
    static Server start(Settings settings) throws SettingException {
        Server server = Server.start(settings);
        log.info(
                "Parley {} ready: page http://{}/ websocket ws://{}/ admin http://{}/",
                Version.number(),
                server.listen(),
                server.listen(),
                server.admin());
        log.warn(
                "DEVELOPMENT MODE: no keys are configured, so only programs and pages of this machine may connect,"
                        + " with the open key {}",
                Settings.DEVELOPMENT_KEY);
        return server;
    }

    private static void stop(Server server) {
        log.info("stopping");
        server.close();
        log.info("stopped");
        LogSetup.flush();
        Runtime.getRuntime().halt(0);
    }

    private static Optional<HostPort> address(String option, @Nullable String given, String variable)
            throws SettingException {
        String fromEnvironment = System.getenv(variable);
        if (given != null) {
            return Optional.of(parse(option, given));
        }
        return fromEnvironment == null || fromEnvironment.isEmpty()
                ? Optional.empty()
                : Optional.of(parse(variable, fromEnvironment));
    }

    private static HostPort parse(String source, String text) throws SettingException {
        try {
            return HostPort.parse(text);
        } catch (SettingException e) {
            throw new SettingException(source + ": " + e.getMessage());
        }
    }
}
