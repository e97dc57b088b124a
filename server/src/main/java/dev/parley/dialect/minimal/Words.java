// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.port.Encoder;
import dev.parley.core.port.Event;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Frames;
import org.jspecify.annotations.Nullable;

/** The three messages the server has of its own, and signals passed through as they came. */
final class Words implements Encoder {

    private final Frames frames;
    private final Frame welcomeImpolite;
    private final Frame welcomePolite;
    private final Frame ready;

    Words(Frames frames) {
        this.frames = frames;
        this.welcomeImpolite = frames.constant("{\"type\":\"welcome\",\"polite\":false}");
        this.welcomePolite = frames.constant("{\"type\":\"welcome\",\"polite\":true}");
        this.ready = frames.constant("{\"type\":\"ready\"}");
    }

    @Override
    public @Nullable Frame encode(Event event) {
        return switch (event) {
            case Event.Published published ->
                switch (published.signal().kind()) {
                    case TEXT -> frames.text(published.signal().payload());
                    case BINARY -> frames.binary(published.signal().payload());
                };
            case Event.Roster roster -> roster.others().isEmpty() ? welcomeImpolite : welcomePolite;
            case Event.Changed changed ->
                changed.joined().isEmpty() ? null : ready; // who left, the page learns from its peer connection
            case Event.Sent sent -> null; // a room of two needs no addresses
            case Event.Undelivered undelivered -> null; // its sessions end with their sockets
            case Event.Waiting waiting -> null;
        };
    }
}
