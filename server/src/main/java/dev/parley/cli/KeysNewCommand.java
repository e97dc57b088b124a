// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley keys new}: an app with fresh keys, as it stands in a configuration. */
@Command(
        name = "new",
        description =
                "Prints an app with a new publishable key and a new secret key: a configuration of its own, or the part"
                        + " below 'apps:' of another.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class KeysNewCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create(); // until the parser sets it

    @Override
    public Integer call() {
        app().forEach(spec.commandLine().getOut()::println);
        return 0;
    }

    /** The lines of a configuration with new keys. */
    static List<String> app() {
        return List.of(
                "apps:",
                "  - id: " + NewSecret.id("app_"),
                "    publishableKeys:",
                "      - {id: " + NewSecret.id("pk_live_")
                        + ", channels: [\"**\"], actions: [subscribe, publish, presence, send], wildcards: false}",
                "        # put into the braces, or every page may use the key: origins: [\"https://app.example.com\"]",
                "    secretKeys:",
                "      - {id: " + NewSecret.id("sk_id_") + ", secret: "
                        + NewSecret.make().value() + "}");
    }
}
