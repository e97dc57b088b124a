// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.HostPort;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A folder of a test, with a configuration in it. */
final class Folders {

    static final String CANARY = "sk_secret_canary_0123456789abcdef0123456789";

    /** What a configuration needs to be one. */
    static final String APP = "apps: [{id: a, publishableKeys: [{id: pk, channels: [\"**\"], actions: [send]}]}]\n";

    private final Path folder;

    Folders(Path folder) {
        this.folder = folder;
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a configuration of this text. */
    LoadedConfiguration read(String yaml) throws SettingException {
        return read(yaml, Map.of());
    }

    LoadedConfiguration read(String yaml, Map<String, String> environment) throws SettingException {
        return read(Optional.of(write("parley.yaml", yaml)), environment, Optional.empty());
    }

    static LoadedConfiguration read(Map<String, String> environment) throws SettingException {
        return read(Optional.empty(), environment, Optional.empty());
    }

    static LoadedConfiguration read(Optional<Path> file, Map<String, String> environment, Optional<HostPort> listen)
            throws SettingException {
        return reader(file, environment, listen).read();
    }

    static ConfigurationReader reader(Optional<Path> file, Map<String, String> environment, Optional<HostPort> listen) {
        return new ConfigurationReader(
                new ConfigurationSources(file, environment, listen, Optional.empty(), new Secret("development")));
    }

    /** The error for a configuration of this text, without the name of the folder. */
    String refusal(String yaml) {
        return refusal(yaml, Map.of());
    }

    String refusal(String yaml, Map<String, String> environment) {
        try {
            read(yaml, environment);
        } catch (SettingException e) {
            return String.valueOf(e.getMessage()).replace(folder + "/", "").replace(folder.toString(), "FOLDER");
        }
        return "not refused";
    }

    static String refusal(Map<String, String> environment) {
        try {
            read(environment);
        } catch (SettingException e) {
            return String.valueOf(e.getMessage());
        }
        return "not refused";
    }
}
