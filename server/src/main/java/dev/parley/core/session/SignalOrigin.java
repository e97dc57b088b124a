// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.SessionId;

/**
 * The request a signal comes from, so that its sender can be notified if the signal may not have arrived.
 *
 * @param sender the session of the sender, which may live elsewhere
 * @param sequence the number the sender gave the request
 */
public record SignalOrigin(SessionId sender, long sequence) {}
