// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.Authenticator;
import dev.parley.core.access.BackEnds;
import dev.parley.core.port.ArrivalThrottle;

/**
 * The credentials that the API accepts.
 *
 * @param backEnds whose secret keys open it
 * @param authenticator knows clients, for what they may ask too
 * @param throttle counts bad credentials
 */
public record ApiCredentials(BackEnds backEnds, Authenticator authenticator, ArrivalThrottle throttle) {}
