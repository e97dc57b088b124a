// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Grant;
import dev.parley.core.access.Verdict;
import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Payload;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One client: first its credential is looked at, then it is welcomed and heard. */
final class V1Conversation implements Conversation {

    private final Door door;
    private final Connection connection;
    private final MessageDecoder decoder;
    private final Words words;
    private final Heard heard;
    private final Function<Grant, @Nullable WelcomedClient> welcome;
    private @Nullable WelcomedClient client;
    private boolean isOver;

    V1Conversation(
            Door door,
            MessageDecoder decoder,
            Words words,
            Heard heard,
            Function<Grant, @Nullable WelcomedClient> welcome) {
        this.door = door;
        this.connection = door.connection();
        this.decoder = decoder;
        this.words = words;
        this.heard = heard;
        this.welcome = welcome;
    }

    /** A credential that is refused is told by the close code alone: after a welcome, clients would come back for ever. */
    void decide(Verdict verdict) {
        if (isOver) {
            return;
        }
        switch (verdict) {
            case Verdict.Granted granted -> client = welcome.apply(granted.grant());
            case Verdict.Invalid invalid -> door.refuse(Closings.INVALID_TOKEN, invalid.reason());
            case Verdict.Expired expired -> door.refuse(Closings.TOKEN_EXPIRED);
            case Verdict.Useless useless -> door.refuse(Closings.CHANNEL_NOT_AUTHORIZED);
            case Verdict.Suspended suspended -> door.refuse(Closings.ACCOUNT_SUSPENDED);
            case Verdict.Unknown unknown -> door.refuse(Closings.TRY_AGAIN_LATER);
        }
    }

    @Override
    public void text(Payload payload) {
        if (client == null) {
            door.refuse(Closings.TOO_EARLY);
        } else {
            hear(client, decoder.decode(payload));
        }
    }

    @Override
    public void binary(Payload payload) {
        if (client == null) {
            door.refuse(Closings.TOO_EARLY);
        } else {
            hear(client, new ClientMessage.Malformed()); // v1 is text
        }
    }

    private void hear(WelcomedClient speaker, ClientMessage message) {
        heard.count(message);
        speaker.hear(message);
    }

    @Override
    public void goingAway() {
        if (client != null) {
            connection.send(words.goingAway());
        }
    }

    @Override
    public void ended(Ending ending) {
        isOver = true;
        if (client != null) {
            client.leave(ending);
        }
    }
}
