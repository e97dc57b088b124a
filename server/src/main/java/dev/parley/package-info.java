// SPDX-License-Identifier: Apache-2.0
/** Parley, the self-hosted WebRTC signaling server. The tree of packages is explained in docs/architecture.md. */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;
