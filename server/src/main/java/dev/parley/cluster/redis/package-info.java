// SPDX-License-Identifier: Apache-2.0
/**
 * The store of several nodes on Redis: each call is a Lua script, which Redis runs at one moment. The scripts are in
 * {@code resources/dev/parley/cluster}, each with its keys, arguments and answers.
 */
@NullMarked
package dev.parley.cluster.redis;

import org.jspecify.annotations.NullMarked;
