// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.PageKeyCheck;
import dev.parley.cluster.redis.StoreInspection;
import dev.parley.config.ClusterSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.LoadedConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley config check}: whether a configuration can be served, and what it means. */
@Command(
        name = "check",
        description = "Reads a configuration as serve would, with the environment, and prints what it means with all"
                + " defaults and without secrets. Connects to the store of a cluster, and says what it found."
                + " Exit code 2 and a line for each fault if something is wrong.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class ConfigCheckCommand implements Callable<Integer> {

    /** Stands for a secret in the lines of a configuration. */
    private static final String MASK = "\"***\"";

    @Spec
    private CommandSpec spec = CommandSpec.create(); // until the parser sets it

    @Parameters(paramLabel = "FILE", description = "The configuration.")
    private @Nullable Path file;

    @Override
    public Integer call() throws SettingException {
        LoadedConfiguration configuration = ConfigurationOption.read(file);
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(line -> err.println("parley: " + line));
        PageKeyCheck.warnings(configuration.settings()).forEach(line -> err.println("parley: " + line));
        if (file != null && configuration.lines().stream().anyMatch(line -> line.contains(MASK)) && isReadByAll(file)) {
            err.println("parley: " + file + " holds secrets, and every user of this machine can read it: chmod 600");
        }
        PrintWriter out = spec.commandLine().getOut();
        Optional<ClusterSettings> cluster = configuration.settings().cluster();
        if (cluster.isPresent()) {
            StoreInspection store = StoreInspection.of(cluster.get());
            store.warnings().forEach(line -> err.println("parley: " + line));
            store.facts().forEach(out::println);
        }
        out.println(file + ": fine");
        configuration.lines().forEach(out::println);
        return 0;
    }

    private static boolean isReadByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // a file system without such permissions
        }
    }
}
