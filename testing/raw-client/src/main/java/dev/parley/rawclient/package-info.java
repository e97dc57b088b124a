// SPDX-License-Identifier: Apache-2.0
/** For tests: a WebSocket client with the bytes in its hand, and a server in a process of its own. */
@NullMarked
package dev.parley.rawclient;

import org.jspecify.annotations.NullMarked;
