// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.Dialect;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import java.util.List;
import java.util.Map;

/**
 * What one listening address serves to programs and pages of this machine.
 *
 * @param dialects asked in this order who takes a WebSocket
 * @param routes ordinary HTTP answers by path
 */
public record Site(List<Dialect> dialects, Map<String, Route> routes) {

    /** Keeps copies. */
    public Site {
        dialects = List.copyOf(dialects);
        routes = Map.copyOf(routes);
    }

    /** What the first dialect that serves the path decides. */
    Dialect.Reception receive(Request request) {
        for (Dialect dialect : dialects) {
            Dialect.Reception reception = dialect.receive(request);
            if (!(reception instanceof Dialect.NotServed)) {
                return reception;
            }
        }
        return new Dialect.NotServed();
    }
}
