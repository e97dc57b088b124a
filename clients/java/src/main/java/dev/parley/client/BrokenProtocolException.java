// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** What the server said breaks the protocol. */
final class BrokenProtocolException extends Exception {

    private final String why;

    BrokenProtocolException(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
