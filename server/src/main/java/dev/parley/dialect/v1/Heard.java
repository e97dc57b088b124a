// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Observer;
import dev.parley.core.port.Tally;

/** Counts what clients say, by its type. Any thread. */
final class Heard {

    private final Tally subscribe;
    private final Tally unsubscribe;
    private final Tally publish;
    private final Tally send;
    private final Tally refresh;
    private final Tally iceServers;
    private final Tally ping;
    private final Tally received;
    private final Tally unknown;
    private final Tally malformed;

    Heard(Observer observer, String dialect) {
        this.subscribe = observer.heard(dialect, "subscribe");
        this.unsubscribe = observer.heard(dialect, "unsubscribe");
        this.publish = observer.heard(dialect, "publish");
        this.send = observer.heard(dialect, "send");
        this.refresh = observer.heard(dialect, "refresh");
        this.iceServers = observer.heard(dialect, "ice_servers");
        this.ping = observer.heard(dialect, "ping");
        this.received = observer.heard(dialect, "received");
        this.unknown = observer.heard(dialect, "unknown");
        this.malformed = observer.heard(dialect, "malformed");
    }

    void count(ClientMessage message) {
        Tally tally = switch (message) {
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
