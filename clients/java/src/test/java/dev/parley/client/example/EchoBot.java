// SPDX-License-Identifier: Apache-2.0
package dev.parley.client.example;

import dev.parley.client.Credential;
import dev.parley.client.Event;
import dev.parley.client.Listener;
import dev.parley.client.ParleyClient;
import java.net.URI;

/** Sends back to its sender what it hears in a channel. */
public final class EchoBot implements Listener {

    @Override
    public void on(ParleyClient client, Event event) {
        switch (event) {
            case Event.Message message ->
                client.send(message.from(), message.data()).exceptionally(failure -> {
                    System.err.println(message.from() + " has no echo: " + failure);
                    return null;
                });
            case Event.Undelivered lost -> System.err.println(lost.to() + " may have missed an echo: " + lost.reason());
            case Event.Welcomed welcome -> System.err.println(welcome.resumed() ? "back" : "new: " + welcome.peerId());
            default -> {} // who else is there, and what the network does, is nothing to it
        }
    }

    public static void main(String[] arguments) {
        URI server = URI.create("ws://localhost:8080/v1");
        ParleyClient client = ParleyClient.connect(server, Credential.key("pk_live_demo"), new EchoBot());
        client.subscribe("lobby");
        System.err.println(client.closed().join()); // only a refusal ends it, such as a wrong key
        System.exit(1);
    }
}
