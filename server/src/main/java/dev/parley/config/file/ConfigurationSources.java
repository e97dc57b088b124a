// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.HostPort;
import dev.parley.config.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything settings can come from.
 *
 * @param file the configuration file the command line names
 * @param environment the variables of the environment
 * @param listen the flag of that name
 * @param admin the flag of that name
 * @param developmentSecret of the secret key of development mode
 */
public record ConfigurationSources(
        Optional<Path> file,
        Map<String, String> environment,
        Optional<HostPort> listen,
        Optional<HostPort> admin,
        Secret developmentSecret) {

    /** Keeps a copy. */
    public ConfigurationSources {
        environment = Map.copyOf(environment);
    }
}
