// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley} without a command: serves. */
@Command(
        name = "parley",
        description = "The self-hosted WebRTC signaling server. Without a command it serves, in development mode unless"
                + " the environment says otherwise.",
        subcommands = {ServeCommand.class, ConfigCommand.class, TokenCommand.class, KeysCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class ParleyCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        return new ServeCommand().call();
    }
}
