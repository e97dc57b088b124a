// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import picocli.CommandLine.Command;

/** {@code parley keys}: what is about keys. */
@Command(
        name = "keys",
        description = "Makes and lists keys.",
        subcommands = {KeysNewCommand.class, KeysListCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class KeysCommand {}
