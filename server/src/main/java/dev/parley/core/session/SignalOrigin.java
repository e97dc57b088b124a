// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

/**
 * Which request a signal comes from, for whoever has to say that it may not have arrived.
 *
 * @param sender the session that is notified
 * @param sequence the number the sender gave the request
 */
public record SignalOrigin(Session sender, long sequence) {}
