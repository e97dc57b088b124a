// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.ServerSettings;
import dev.parley.core.access.MessageBudgets;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.relay.AppDirectories;
import java.time.InstantSource;

/**
 * What all clients of the dialect share. Any thread.
 *
 * @param directories the peers of all apps
 * @param messages everything that is said
 * @param plain hears clients whose sessions end with their sockets
 * @param lasting hears the others
 * @param sessions of the others
 * @param budgets what clients may send
 */
record V1Services(
        AppDirectories directories,
        V1Messages messages,
        MessageReader plain,
        MessageReader lasting,
        LastingClients sessions,
        MessageBudgets budgets,
        IceServers iceServers,
        InstantSource clock,
        ServerSettings settings,
        ServerObserver observer) {}
