// SPDX-License-Identifier: Apache-2.0
/**
 * Sockets: listening, HTTP, the WebSocket handshake, frames in and out, keepalive, backpressure, closing.
 *
 * <p>The only package that knows Netty. Everything of one connection happens on its event loop. Start reading at
 * {@code SocketPipeline}.
 */
@NullMarked
package dev.parley.transport;

import org.jspecify.annotations.NullMarked;
