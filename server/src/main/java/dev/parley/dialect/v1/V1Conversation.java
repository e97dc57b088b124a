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

    private final Connection connection;
    private final MessageDecoder decoder;
    private final Words words;
    private final Heard heard;

    /** What is needed until it is decided whether the client may come in; null from then on, as it holds what it showed. */
    private @Nullable Threshold threshold;

    private @Nullable WelcomedClient client;

    /**
     * Where a client waits.
     *
     * @param door where it is turned away
     * @param welcome lets it in; null if there is no place for it, and it was turned away
     */
    record Threshold(Door door, Function<Grant, @Nullable WelcomedClient> welcome) {}

    V1Conversation(Threshold threshold, MessageDecoder decoder, Words words, Heard heard) {
        this.threshold = threshold;
        this.connection = threshold.door().connection();
        this.decoder = decoder;
        this.words = words;
        this.heard = heard;
    }

    /** A credential that is refused is told by the close code alone: after a welcome, clients would come back for ever. */
    void decide(Verdict verdict) {
        Threshold here = threshold;
        if (here == null) {
            return; // the client is gone
        }
        threshold = null;
        Door door = here.door();
        switch (verdict) {
            case Verdict.Granted granted -> client = here.welcome().apply(granted.grant());
            case Verdict.Invalid invalid -> door.refuse(Closings.INVALID_TOKEN, invalid.reason());
            case Verdict.Expired expired -> door.refuse(Closings.TOKEN_EXPIRED);
            case Verdict.Useless useless -> door.refuse(Closings.CHANNEL_NOT_AUTHORIZED);
            case Verdict.Suspended suspended -> door.refuse(Closings.ACCOUNT_SUSPENDED);
            case Verdict.Unknown unknown -> door.refuse(Closings.TRY_AGAIN_LATER);
        }
    }

    @Override
    public void text(Payload payload) {
        if (client != null) {
            hear(client, decoder.decode(payload));
        } else {
            hearTooEarly();
        }
    }

    @Override
    public void binary(Payload payload) {
        if (client != null) {
            hear(client, new ClientMessage.Malformed()); // v1 is text
        } else {
            hearTooEarly();
        }
    }

    private void hear(WelcomedClient speaker, ClientMessage message) {
        heard.count(message);
        speaker.hear(message);
    }

    private void hearTooEarly() {
        if (threshold != null) {
            threshold.door().refuse(Closings.TOO_EARLY);
        }
    }

    @Override
    public void goingAway() {
        if (client != null) {
            connection.send(words.goingAway());
        }
    }

    @Override
    public void ended(Ending ending) {
        threshold = null;
        if (client != null) {
            client.leave(ending);
        }
    }
}
