// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Grant;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Payload;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One client: first its credential is looked at, then it is welcomed and what it says is heard inside. */
final class V1Conversation implements ClientConversation {

    /** What is needed until the client is in, or turned away; null from then on, as it holds what it showed. */
    private @Nullable Threshold threshold;

    /** Null until the client is in. */
    private @Nullable ClientConversation inside;

    private @Nullable ConnectionEnding ending;

    /**
     * Where a client waits.
     *
     * @param door where it is turned away
     * @param welcome admits it, see {@link #enter}, or refuses it
     */
    record Threshold(ClientRejection door, BiConsumer<V1Conversation, Grant> welcome) {}

    V1Conversation(Threshold threshold) {
        this.threshold = threshold;
    }

    /**
     * A refused credential gets only a close code: after a welcome, clients would reconnect again and again.
     */
    void decide(AuthenticationResult verdict) {
        Threshold here = threshold;
        if (here == null) {
            return; // the client is gone
        }
        ClientRejection door = here.door();
        switch (verdict) {
            case AuthenticationResult.Granted granted -> here.welcome().accept(this, granted.grant());
            case AuthenticationResult.Invalid invalid -> door.refuse(V1CloseCodes.INVALID_TOKEN, invalid.reason());
            case AuthenticationResult.Expired expired -> door.refuse(V1CloseCodes.TOKEN_EXPIRED);
            case AuthenticationResult.Useless useless -> door.refuse(V1CloseCodes.CHANNEL_NOT_AUTHORIZED);
            case AuthenticationResult.Suspended suspended -> door.refuse(V1CloseCodes.ACCOUNT_SUSPENDED);
            case AuthenticationResult.Unknown unknown -> door.refuse(V1CloseCodes.TRY_AGAIN_LATER);
        }
    }

    /** Whether there is nobody to let in any more. */
    boolean isOver() {
        return ending != null;
    }

    /** The client is in: from now on this is who hears it. */
    void enter(ClientConversation welcomed) {
        threshold = null;
        inside = welcomed;
        if (ending != null) {
            welcomed.ended(ending);
        }
    }

    @Override
    public void text(Payload payload) {
        if (inside != null) {
            inside.text(payload);
        } else {
            hearTooEarly();
        }
    }

    @Override
    public void binary(Payload payload) {
        if (inside != null) {
            inside.binary(payload);
        } else {
            hearTooEarly();
        }
    }

    private void hearTooEarly() {
        if (threshold != null) {
            threshold.door().refuse(V1CloseCodes.TOO_EARLY);
        }
    }

    @Override
    public void goingAway() {
        if (inside != null) {
            inside.goingAway();
        }
    }

    @Override
    public void ended(ConnectionEnding how) {
        threshold = null;
        ending = how;
        if (inside != null) {
            inside.ended(how);
        }
    }
}
