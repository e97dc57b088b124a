// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

/** What a message of the server means to a client of any protocol. */
enum ServerWord {
    /** The client is let in; {@link BenchClient#id} is known from here on. */
    WELCOME,
    /** The client is in the room it asked for. */
    JOINED,
    /** A signal of another client. */
    SIGNAL,
    /** A signal of this client was taken. */
    ACKNOWLEDGED,
    /** Somebody came or went. */
    PRESENCE,
    /** Something was refused: the measurement is worth nothing. */
    REFUSED,
    /** Nothing the measurement is about. */
    OTHER
}
