// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Frame;
import dev.parley.core.port.SessionEnd;
import org.jspecify.annotations.Nullable;

/** A protocol whose sessions outlive their sockets. Safe from any thread. */
public interface LastingProtocol extends ClientProtocol {

    /** Returns the frame with its number. Consumes one reference of the frame, also if it fails. */
    Frame number(Frame frame, long sequence);

    /** Returns the acknowledgement of all requests of the client through a number. */
    Frame received(long sequence);

    /** Returns the announcement that the server is about to close the socket, which has no number. */
    Frame goingAway();

    /** Returns why a session is over when its socket is closed with this code; null if its client may resume it. */
    @Nullable
    SessionEnd sessionEnd(CloseCode code);

    /** Returns why a session is over whose socket ended so; null if its client may resume it. */
    default @Nullable SessionEnd sessionEnd(ConnectionEnding ending) {
        return switch (ending) {
            case ConnectionEnding.Left left -> left.number() == 1000 || left.number() == 1001 ? SessionEnd.LEFT : null;
            case ConnectionEnding.Closed closed -> sessionEnd(closed.code());
            case ConnectionEnding.Lost lost -> null;
        };
    }
}
