// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.Signal;
import org.jspecify.annotations.Nullable;

/** The three messages the server has of its own, and signals passed through as they came. */
final class MinimalMessages implements ClientProtocol {

    private final FrameFactory frames;
    private final Frame welcomeImpolite;
    private final Frame welcomePolite;
    private final Frame ready;

    MinimalMessages(FrameFactory frames) {
        this.frames = frames;
        this.welcomeImpolite = frames.constant("{\"type\":\"welcome\",\"polite\":false}");
        this.welcomePolite = frames.constant("{\"type\":\"welcome\",\"polite\":true}");
        this.ready = frames.constant("{\"type\":\"ready\"}");
    }

    @Override
    public @Nullable Frame encode(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Published published -> signal(published.signal());
            case SessionEvent.Roster roster -> roster.others().isEmpty() ? welcomeImpolite : welcomePolite;
            case SessionEvent.Changed changed ->
                changed.joined().isEmpty() ? null : ready; // who left, the page learns from its peer connection
            case SessionEvent.Sent sent -> signal(sent.signal()); // a room of two needs no addresses
            case SessionEvent.Undelivered undelivered -> null; // its sessions end with their sockets
            case SessionEvent.Waiting waiting -> null;
        };
    }

    private Frame signal(Signal signal) {
        return switch (signal.kind()) {
            case JSON, TEXT -> frames.text(signal.payload());
            case BINARY -> frames.binary(signal.payload());
        };
    }
}
