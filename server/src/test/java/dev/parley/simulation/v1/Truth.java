// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The connected clients, as the server should know them. */
final class Truth {

    private final List<V1Client> connected = new ArrayList<>();

    /** The client was let in; returns those of its peer that are dead, which the server is to find out first. */
    List<V1Client> connected(V1Client client) {
        List<V1Client> silent = connections(client.app, client.peer).stream()
                .filter(V1Client::isSilent)
                .toList();
        connected.add(client);
        return silent;
    }

    void gone(V1Client client) {
        connected.remove(client);
    }

    List<V1Client> connections(String app, String peer) {
        return connected.stream()
                .filter(client -> client.app.equals(app) && client.peer.equals(peer))
                .toList();
    }

    private List<V1Client> subscribers(String app, String channel) {
        return connected.stream()
                .filter(client -> client.app.equals(app) && client.channels.containsKey(channel))
                .toList();
    }

    /** The subscribers, by its name or by a pattern. */
    List<V1Client> listeners(String app, String channel) {
        return connected.stream()
                .filter(client ->
                        client.app.equals(app) && !client.reader(channel).isEmpty())
                .toList();
    }

    /** Whom the client sees there: nobody by a pattern. */
    Set<String> others(V1Client client, String channel) {
        Set<String> others = new TreeSet<>();
        if (!ChannelView.isPattern(channel)) {
            subscribers(client.app, channel).forEach(other -> others.add(other.peer));
            others.remove(client.peer);
        }
        return others;
    }
}
