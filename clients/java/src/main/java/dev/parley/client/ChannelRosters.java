// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The peers in each subscribed channel, as of the events that the listener got before. Changed on the listener's
 * thread, read from any.
 */
final class ChannelRosters {

    private final ConcurrentMap<String, ConcurrentMap<String, Event.Peer>> byChannel = new ConcurrentHashMap<>();

    /** A copy, by peer id; empty for a channel that is not subscribed to, or whose roster has not come. */
    Map<String, Event.Peer> of(String channel) {
        Map<String, Event.Peer> peers = byChannel.get(channel);
        return peers == null ? Map.of() : Map.copyOf(peers);
    }

    /** Takes over what the event says. */
    void apply(Event event) {
        switch (event) {
            case Event.Presence presence -> apply(presence);
            case Event.Welcomed welcomed -> {
                if (!welcomed.resumed()) {
                    byChannel.clear(); // the rosters come again
                }
            }
            case Event.ServerError error -> {
                if (error.channel() != null) {
                    remove(error.channel());
                }
            }
            case Event.Closed closed -> byChannel.clear();
            case Event.Direct direct -> {}
            case Event.Message message -> {}
            case Event.Reconnecting reconnecting -> {}
            case Event.Reconnected reconnected -> {}
            case Event.Undelivered undelivered -> {}
            case Event.ConnectionLost lost -> {}
        }
    }

    /** Removes the roster of a channel that was left. */
    void remove(String channel) {
        byChannel.remove(channel);
    }

    private void apply(Event.Presence presence) {
        Map<String, Event.Peer> peers =
                byChannel.computeIfAbsent(presence.channel(), channel -> new ConcurrentHashMap<>());
        presence.left().forEach(peers::remove);
        presence.joined().forEach(peer -> peers.put(peer.id(), peer));
    }
}
