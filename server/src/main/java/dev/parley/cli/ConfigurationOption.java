// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.SettingException;
import dev.parley.config.Settings;
import dev.parley.config.file.Configuration;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.Sources;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A configuration that a command only looks at. */
final class ConfigurationOption {

    private ConfigurationOption() {}

    /** Reads it as serve would, with the environment. */
    static Configuration read(@Nullable Path file) throws SettingException {
        Sources sources = new Sources(
                Optional.ofNullable(file), System.getenv(), Optional.empty(), Optional.empty(), NewSecret.make());
        return new ConfigurationReader(sources).read();
    }

    /** Likewise, where keys are needed: those of development mode are made at its start. */
    static Settings keys(@Nullable Path file) throws SettingException {
        Settings settings = read(file).settings();
        if (settings.mode() == Settings.Mode.DEVELOPMENT) {
            throw new SettingException("no key is configured: name a configuration with --config");
        }
        return settings;
    }
}
