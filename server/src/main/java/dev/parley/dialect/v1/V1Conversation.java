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
    private @Nullable PendingAdmission pendingAdmission;

    /** Null until the client is in. */
    private @Nullable ClientConversation welcomed;

    private @Nullable ConnectionEnding ending;

    /**
     * Where a client waits.
     *
     * @param rejection where it is turned away
     * @param welcome admits it, see {@link #enter}, or refuses it
     */
    record PendingAdmission(ClientRejection rejection, BiConsumer<V1Conversation, Grant> welcome) {}

    V1Conversation(PendingAdmission pendingAdmission) {
        this.pendingAdmission = pendingAdmission;
    }

    /**
     * A refused credential gets only a close code: after a welcome, clients would reconnect again and again.
     */
    void decide(AuthenticationResult result) {
        PendingAdmission here = pendingAdmission;
        if (here == null) {
            return; // the client is gone
        }
        ClientRejection rejection = here.rejection();
        switch (result) {
            case AuthenticationResult.Granted granted -> here.welcome().accept(this, granted.grant());
            case AuthenticationResult.Invalid invalid -> rejection.refuse(V1CloseCodes.INVALID_TOKEN, invalid.reason());
            case AuthenticationResult.Expired expired -> rejection.refuse(V1CloseCodes.TOKEN_EXPIRED);
            case AuthenticationResult.Useless useless -> rejection.refuse(V1CloseCodes.CHANNEL_NOT_AUTHORIZED);
            case AuthenticationResult.Suspended suspended -> rejection.refuse(V1CloseCodes.ACCOUNT_SUSPENDED);
            case AuthenticationResult.Unknown unknown -> rejection.refuse(V1CloseCodes.TRY_AGAIN_LATER);
        }
    }

    /** Whether there is nobody to let in any more. */
    boolean isOver() {
        return ending != null;
    }

    /** The client is in: from now on this is who hears it. */
    void enter(ClientConversation conversation) {
        pendingAdmission = null;
        welcomed = conversation;
        if (ending != null) {
            welcomed.ended(ending);
        }
    }

    @Override
    public void text(Payload payload) {
        if (welcomed != null) {
            welcomed.text(payload);
        } else {
            refuseEarly();
        }
    }

    @Override
    public void binary(Payload payload) {
        if (welcomed != null) {
            welcomed.binary(payload);
        } else {
            refuseEarly();
        }
    }

    private void refuseEarly() {
        if (pendingAdmission != null) {
            pendingAdmission.rejection().refuse(V1CloseCodes.TOO_EARLY);
        }
    }

    @Override
    public void drain() {
        if (welcomed != null) {
            welcomed.drain();
        }
    }

    @Override
    public void ended(ConnectionEnding how) {
        pendingAdmission = null;
        ending = how;
        if (welcomed != null) {
            welcomed.ended(how);
        }
    }
}
