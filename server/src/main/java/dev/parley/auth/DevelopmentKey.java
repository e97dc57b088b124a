// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.Action;
import dev.parley.core.access.App;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.access.Verdict;
import dev.parley.core.port.Peer;
import java.util.EnumSet;
import java.util.UUID;
import java.util.function.Consumer;

/** The one open key of development mode: all actions in all channels of one app, and a new peer id each time. */
public final class DevelopmentKey implements Authenticator {

    /** The key, no secret. */
    public static final String ID = "pk_live_demo";

    private static final App APP = new App("demo");

    @Override
    public void authenticate(Credential credential, Consumer<Verdict> answer) {
        boolean isKnown = credential instanceof Credential.Key key && key.id().equals(ID);
        answer.accept(isKnown ? new Verdict.Granted(grant()) : new Verdict.Invalid());
    }

    private static Grant grant() {
        Peer peer = new Peer(UUID.randomUUID().toString(), null);
        return new Grant(APP, peer, EnumSet.allOf(Action.class), channel -> true);
    }
}
