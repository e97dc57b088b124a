// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Dialect;

/** Admits every client on every path, for tests of sockets. */
record AnyPathDialect(Dialect.Opening opening) implements Dialect {

    @Override
    public String name() {
        return "test";
    }

    @Override
    public boolean serves(String path) {
        return true;
    }

    @Override
    public Reception receive(ClientRequest request) {
        return new Accepted(opening);
    }
}
