// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.config.ServerSettings;
import dev.parley.core.port.IceServers;
import dev.parley.core.relay.CoreServices;
import java.time.InstantSource;

/**
 * What all clients of the dialect share. Safe from any thread.
 *
 * @param core the peers, rooms and sessions of all apps
 * @param messages encodes what the server sends
 * @param plain reads messages of clients whose sessions end with their sockets
 * @param lasting reads messages of the others, which have numbers
 * @param rules for what clients may request
 */
record V1Services(
        CoreServices core,
        V1Messages messages,
        MessageReader plain,
        MessageReader lasting,
        IceServers iceServers,
        InstantSource clock,
        ServerSettings settings,
        GrantRules rules) {}
