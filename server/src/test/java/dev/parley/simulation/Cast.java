// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.config.KeyRights;
import dev.parley.core.access.App;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.ClaimedRights;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.access.VisitorFlaw;
import dev.parley.core.port.PeerIdentity;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The participants: a key is an app and a peer id. The shared ids may be on several connections at once. */
public final class Cast implements Authenticator {

    private static final GrantAuthority EVERYTHING = new GrantAuthority("everything", GrantPowers.of(KeyRights.all()));
    public static final List<String> APPS = List.of("red", "red", "red", "blue");
    public static final List<String> SHARED_PEERS = List.of("alice", "bob");

    public static @Nullable String metadata(String peer) {
        return peer.equals("alice") ? "{\"name\":\"Alice\"}" : null;
    }

    @Override
    public void authenticate(ConnectingClient visitor, Consumer<AuthenticationResult> answer) {
        if (visitor.credential() instanceof Credential.Key key) {
            String[] names = key.id().split("\\.", 2);
            PeerIdentity peer = new PeerIdentity(names[1], metadata(names[1]));
            answer.accept(new AuthenticationResult.Granted(
                    new Grant(new App(names[0]), peer, EVERYTHING, ClaimedRights.ALL, Grant.NEVER, null)));
        } else {
            answer.accept(new AuthenticationResult.Invalid("no key"));
        }
    }

    @Override
    public @Nullable VisitorFlaw flaw(ConnectingClient visitor) {
        return null;
    }
}
