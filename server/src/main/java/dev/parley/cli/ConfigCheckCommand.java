// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.PageKeyCheck;
import dev.parley.config.SettingException;
import dev.parley.config.file.Configuration;
import java.io.PrintWriter;
import java.nio.file.Path;
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
                + " defaults and without secrets. Exit code 2 and one line if it is wrong.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ConfigCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create(); // until the parser sets it

    @Parameters(paramLabel = "FILE", description = "The configuration.")
    private @Nullable Path file;

    @Override
    public Integer call() throws SettingException {
        Configuration configuration = ConfigurationOption.read(file);
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(line -> err.println("parley: " + line));
        PageKeyCheck.warnings(configuration.settings()).forEach(line -> err.println("parley: " + line));
        PrintWriter out = spec.commandLine().getOut();
        out.println(file + ": fine");
        configuration.lines().forEach(out::println);
        return 0;
    }
}
