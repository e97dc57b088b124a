// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.EventCounter;
import dev.parley.core.port.ServerObserver;

/** Counts what clients say, by its type. Any thread. */
final class MessageCounters {

    private final EventCounter subscribe;
    private final EventCounter unsubscribe;
    private final EventCounter publish;
    private final EventCounter send;
    private final EventCounter refresh;
    private final EventCounter iceServers;
    private final EventCounter ping;
    private final EventCounter received;
    private final EventCounter unknown;
    private final EventCounter malformed;

    MessageCounters(ServerObserver observer, String dialect) {
        this.subscribe = observer.received(dialect, "subscribe");
        this.unsubscribe = observer.received(dialect, "unsubscribe");
        this.publish = observer.received(dialect, "publish");
        this.send = observer.received(dialect, "send");
        this.refresh = observer.received(dialect, "refresh");
        this.iceServers = observer.received(dialect, "ice_servers");
        this.ping = observer.received(dialect, "ping");
        this.received = observer.received(dialect, "received");
        this.unknown = observer.received(dialect, "unknown");
        this.malformed = observer.received(dialect, "malformed");
    }

    void count(ClientMessage message) {
        EventCounter tally = switch (message) {
            case ClientMessage.Send it -> send;
            case ClientMessage.Publish it -> publish;
            case ClientMessage.Subscribe it -> subscribe;
            case ClientMessage.Unsubscribe it -> unsubscribe;
            case ClientMessage.Refresh it -> refresh;
            case ClientMessage.IceServers it -> iceServers;
            case ClientMessage.Ping it -> ping;
            case ClientMessage.Received it -> received;
            case ClientMessage.Unknown it -> unknown;
            case ClientMessage.Malformed it -> malformed;
        };
        tally.add(1);
    }
}
