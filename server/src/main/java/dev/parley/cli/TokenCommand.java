// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.auth.TokenSigner;
import dev.parley.config.Action;
import dev.parley.config.SecretKey;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.access.TokenTerms;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley token}: signs a token, as {@code POST /v1/tokens} does, without a server. */
@Command(
        name = "token",
        description = "Prints a token signed with a secret key of the configuration. It may do what both it and the key"
                + " allow.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
final class TokenCommand implements Callable<Integer> {

    private static final Pattern LIFE = Pattern.compile("([0-9]{1,6})([smh])");

    @Spec
    private CommandSpec spec = CommandSpec.create(); // until the parser sets it

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, read with the environment as serve would. Environment: PARLEY_CONFIG.")
    private @Nullable Path config;

    @Option(
            names = "--key",
            paramLabel = "ID",
            description = "The secret key that signs; may be left out if there is one only.")
    private @Nullable String key;

    @Option(names = "--peer", paramLabel = "ID", required = true, description = "The peer id of its holder.")
    private String peer = "";

    @Option(
            names = "--channel",
            paramLabel = "PATTERN",
            description = "A pattern of channels; may be repeated. Default: those of the key.")
    private @Nullable List<String> channels;

    @Option(
            names = "--permission",
            paramLabel = "ACTION",
            description = "subscribe, publish, presence or send; may be repeated. Default: those of the key.")
    private @Nullable List<String> permissions;

    @Option(names = "--expires", paramLabel = "LIFE", description = "1s to 24h, such as 90s, 15m or 1h. Default: 1h.")
    private String expires = "1h";

    @Option(
            names = "--metadata",
            paramLabel = "JSON",
            description = "An object that only the holder of the token receives.")
    private @Nullable String metadata;

    @Option(names = "--peer-metadata", paramLabel = "JSON", description = "An object the others are shown.")
    private @Nullable String peerMetadata;

    @Override
    public Integer call() throws SettingException {
        SecretKey signing = signing(ConfigurationOption.keys(config));
        long now = Instant.now().getEpochSecond();
        TokenTerms terms = new TokenTerms(
                peer,
                channels,
                permissions(),
                now,
                now + life(),
                object("--metadata", metadata),
                object("--peer-metadata", peerMetadata));
        check(terms, GrantPowers.of(signing.rights()));
        spec.commandLine().getOut().println(TokenSigner.sign(terms, signing));
        return 0;
    }

    private SecretKey signing(ServerSettings settings) throws SettingException {
        List<SecretKey> keys = settings.apps().stream()
                .flatMap(app -> app.secretKeys().stream())
                .filter(candidate -> key == null || candidate.id().equals(key))
                .toList();
        if (keys.size() == 1) {
            return keys.getFirst();
        }
        throw new SettingException(
                keys.isEmpty()
                        ? "no secret key" + (key == null ? "" : " " + key) + " is configured (see: parley keys list)"
                        : "there are " + keys.size() + " secret keys: name one with --key, as "
                                + String.join(
                                        " or ", keys.stream().map(SecretKey::id).toList()));
    }

    private static void check(TokenTerms terms, GrantPowers powers) throws SettingException {
        String fault = terms.fault();
        if (fault != null) {
            throw new SettingException(fault);
        }
        String channel = terms.foreignChannel(powers);
        if (channel != null) {
            throw new SettingException("--channel: the key does not cover " + channel);
        }
        Action permission = terms.foreignPermission(powers);
        if (permission != null) {
            throw new SettingException("--permission: the key does not allow " + permission.word());
        }
    }

    private @Nullable Set<Action> permissions() throws SettingException {
        if (permissions == null) {
            return null;
        }
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : permissions) {
            Action action = Action.of(word);
            if (action == null) {
                throw new SettingException("--permission: '" + word + "' must be subscribe, publish, presence or send");
            }
            actions.add(action);
        }
        return actions;
    }

    private long life() throws SettingException {
        Matcher matcher = LIFE.matcher(expires);
        if (matcher.matches()) {
            TimeUnit unit = switch (matcher.group(2)) {
                case "s" -> TimeUnit.SECONDS;
                case "m" -> TimeUnit.MINUTES;
                default -> TimeUnit.HOURS;
            };
            long seconds = unit.toSeconds(Long.parseLong(matcher.group(1)));
            if (seconds >= 1 && seconds <= TokenTerms.MAX_LIFE) {
                return seconds;
            }
        }
        throw new SettingException("--expires: '" + expires + "' must be 1s to 24h, such as 90s, 15m or 1h");
    }

    private static @Nullable String object(String option, @Nullable String json) throws SettingException {
        if (json == null) {
            return null;
        }
        try {
            JsonObject wrapped = JsonObject.read(("{\"value\":" + json + "}").getBytes(StandardCharsets.UTF_8));
            if (wrapped.keys().size() == 1) {
                return wrapped.object("value");
            }
        } catch (JsonFault e) {
            // told below
        }
        throw new SettingException(option + " must be a JSON object");
    }
}
