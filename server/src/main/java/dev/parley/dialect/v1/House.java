// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.Settings;
import dev.parley.core.access.MessageBudgets;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.Observer;
import dev.parley.core.relay.Relays;
import java.time.InstantSource;

/**
 * What all clients of the dialect share. Any thread.
 *
 * @param relays the peers of all apps
 * @param words everything that is said
 * @param plain hears clients whose sessions end with their sockets
 * @param lasting hears the others
 * @param sessions of the others
 * @param budgets what clients may send
 */
record House(
        Relays relays,
        Words words,
        Hearing plain,
        Hearing lasting,
        LastingClients sessions,
        MessageBudgets budgets,
        IceServers iceServers,
        InstantSource clock,
        Settings settings,
        Observer observer) {}
