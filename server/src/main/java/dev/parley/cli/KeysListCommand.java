// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.TokenIssuer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley keys list}: who may do what, without secrets. */
@Command(
        name = "list",
        description = "Lists the keys and issuers of a configuration, separated by tabs, without secrets.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class KeysListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create(); // until the parser sets it

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, read with the environment as serve would. Environment: PARLEY_CONFIG.")
    private @Nullable Path config;

    @Override
    public Integer call() throws SettingException {
        ServerSettings settings = ConfigurationOption.keys(config);
        PrintWriter out = spec.commandLine().getOut();
        out.println("APP\tKIND\tID\tCHANNELS\tACTIONS\tORIGINS\tWILDCARDS\tTURN");
        for (AppSettings app : settings.apps()) {
            String name = app.isEnabled() ? app.id() : app.id() + " (off)";
            for (PublishableKey key : app.publishableKeys()) {
                List<String> origins = key.origins().isEmpty() ? List.of("*") : key.origins();
                out.println(row(name, "publishable", key.id(), key.rights(), String.join(",", origins)));
            }
            for (SecretKey key : app.secretKeys()) {
                out.println(row(name, "secret", key.id(), key.rights(), "-"));
            }
            for (TokenIssuer issuer : app.issuers()) {
                out.println(row(name, "issuer", issuer.issuer(), issuer.rights(), "-"));
            }
        }
        return 0;
    }

    private static String row(String app, String kind, String id, KeyRights rights, String origins) {
        String actions = Stream.of(Action.values())
                .filter(rights.actions()::contains)
                .map(Action::word)
                .collect(Collectors.joining(","));
        return String.join(
                "\t",
                app,
                kind,
                id,
                String.join(",", rights.channels()),
                actions,
                origins,
                rights.hasWildcards() ? "yes" : "no",
                rights.hasTurn() ? "yes" : "no");
    }
}
