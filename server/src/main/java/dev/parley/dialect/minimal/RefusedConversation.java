// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;

/** A client that found its room full: nothing it still says is heard. */
final class RefusedConversation implements ClientConversation {

    @Override
    public void text(Payload payload) {}

    @Override
    public void binary(Payload payload) {}

    @Override
    public void ended(ConnectionEnding ending) {}
}
