// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import picocli.CommandLine.Command;

/** {@code parley config}: what is about the configuration file. */
@Command(
        name = "config",
        description = "Looks at configuration files.",
        subcommands = ConfigCheckCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class ConfigCommand {}
