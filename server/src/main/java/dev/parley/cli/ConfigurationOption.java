// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.ConfigurationSources;
import dev.parley.config.file.LoadedConfiguration;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A configuration that a command only looks at. */
final class ConfigurationOption {

    private ConfigurationOption() {}

    /** Reads the file and the environment, as {@code serve} does. */
    static LoadedConfiguration read(@Nullable Path file) throws SettingException {
        ConfigurationSources sources = new ConfigurationSources(
                Optional.ofNullable(file), System.getenv(), Optional.empty(), Optional.empty(), NewSecret.make());
        return new ConfigurationReader(sources).read();
    }

    /** Reads the configuration for a command that needs keys: development mode has none before it starts. */
    static ServerSettings keys(@Nullable Path file) throws SettingException {
        ServerSettings settings = read(file).settings();
        if (settings.mode() == ServerSettings.Mode.DEVELOPMENT) {
            throw new SettingException("no key is configured: name a configuration with --config");
        }
        return settings;
    }
}
