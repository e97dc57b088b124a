// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;

/** A client for which there was no place: nothing it sends counts. */
final class RefusedConversation implements ClientConversation {

    @Override
    public void text(Payload payload) {}

    @Override
    public void binary(Payload payload) {}

    @Override
    public void ended(ConnectionEnding ending) {}
}
