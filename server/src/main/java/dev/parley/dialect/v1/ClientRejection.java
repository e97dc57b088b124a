// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.ConnectingClient;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.ServerObserver;
import dev.parley.json.LogText;
import java.util.List;

/**
 * Refuses one client: the client gets the close code, and only the log gets the reason. On the connection's
 * loop.
 *
 * @param connection the client's
 * @param connecting who it is
 * @param observer tells the operator
 */
record ClientRejection(ClientConnection connection, ConnectingClient connecting, ServerObserver observer) {

    private static final int MAX_ORIGIN = 200;

    /**
     * Closes the connection.
     *
     * @param reason for the operator, without any words of the client's
     */
    void refuse(CloseCode code, String reason) {
        observer.refused(connecting.address(), code.number(), reason, this::about);
        connection.close(code);
    }

    /** Refuses it for the reason that the close code names. */
    void refuse(CloseCode code) {
        refuse(code, code.reason());
    }

    private String about() {
        List<String> origins = connecting.origins();
        String origin = origins.isEmpty() ? "-" : String.join(" ", origins);
        return "path=/v1 connection=" + connection.id() + " origin="
                + LogText.of(origin.substring(0, Math.min(MAX_ORIGIN, origin.length())));
    }
}
