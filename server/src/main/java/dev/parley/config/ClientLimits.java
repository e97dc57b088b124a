// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/**
 * What a client may ask of the server before it is refused. Sizes in bytes.
 *
 * @param message the size of a message
 * @param peer what all connections of a peer may do together
 * @param address what all clients of an address may do together
 * @param connection what one WebSocket may do
 * @param request what an HTTP request, and a back end, may do
 */
public record ClientLimits(
        MessageLimits message,
        PeerLimits peer,
        AddressLimits address,
        ConnectionLimits connection,
        RequestLimits request) {

    /** The limits used when nothing else is configured. */
    public static ClientLimits defaults() {
        return new ClientLimits(
                MessageLimits.defaults(),
                PeerLimits.defaults(),
                AddressLimits.defaults(),
                ConnectionLimits.defaults(),
                RequestLimits.defaults());
    }
}
