// SPDX-License-Identifier: Apache-2.0
/**
 * Where settings come from: flags, the environment, a YAML file, defaults. {@link SettingCatalog} is the one table of
 * what can be set; reading, the environment, printing and docs/configuration.md follow it.
 */
@NullMarked
package dev.parley.config.file;

import org.jspecify.annotations.NullMarked;
