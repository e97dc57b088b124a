// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.core.port.Conversation;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Payload;

/** A client that found its room full: nothing it still says is heard. */
final class RefusedConversation implements Conversation {

    @Override
    public void text(Payload payload) {}

    @Override
    public void binary(Payload payload) {}

    @Override
    public void ended(Ending ending) {}
}
