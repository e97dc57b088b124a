// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.HostPort;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationSources;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley serve}: serves until the process is asked to stop. */
@Command(
        name = "serve",
        description =
                "Serves until stopped by SIGTERM or SIGINT. Without a configuration, PARLEY_KEY or PARLEY_SECRET it"
                        + " is development mode: loopback only.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (docs/configuration.md), read again when it changes and on SIGHUP."
                    + " Environment: PARLEY_CONFIG.")
    private @Nullable Path config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where clients connect; port 0 = any free one. Default: localhost:8080. Environment:"
                    + " PARLEY_LISTEN.")
    private @Nullable String listen;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Where operators look. Default: 127.0.0.1:9090. Environment: PARLEY_ADMIN.")
    private @Nullable String admin;

    @Override
    public Integer call() throws SettingException, InterruptedException {
        return ServingProcess.run(new ConfigurationSources(
                Optional.ofNullable(config),
                System.getenv(),
                address("--listen", listen),
                address("--admin", admin),
                NewSecret.make()));
    }

    private static Optional<HostPort> address(String option, @Nullable String given) throws SettingException {
        try {
            return given == null ? Optional.empty() : Optional.of(HostPort.parse(given));
        } catch (SettingException e) {
            throw new SettingException(option + ": " + e.getMessage());
        }
    }
}
