// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.RequestLimits;
import dev.parley.config.Secret;
import java.util.Optional;

/**
 * What the API takes from the configuration.
 *
 * @param limits the size of bodies and the rate of a key
 * @param secret what all servers of a cluster share: a page that one of them began is continued by any; empty if none
 *     is set
 */
public record ApiSettings(RequestLimits limits, Optional<Secret> secret) {}
