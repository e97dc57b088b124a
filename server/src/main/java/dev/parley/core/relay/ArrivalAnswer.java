// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

/**
 * What follows from the arrival of a session, on the loop of the session.
 *
 * @param reachable runs once when everybody reaches the session, which has received nothing so far; or when it is no
 *     longer waited for, as it could not be decided in time
 * @param refused runs instead, or later if nobody waited for it, when the app has no place for the session on all nodes
 *     together
 */
public record ArrivalAnswer(Runnable reachable, Runnable refused) {}
