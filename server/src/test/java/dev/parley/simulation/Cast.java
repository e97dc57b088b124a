// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.config.Rights;
import dev.parley.core.access.App;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.Authority;
import dev.parley.core.access.Claimed;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Flaw;
import dev.parley.core.access.Grant;
import dev.parley.core.access.Powers;
import dev.parley.core.access.Verdict;
import dev.parley.core.access.Visitor;
import dev.parley.core.port.Peer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who plays: a key is an app and a peer id. The shared ids may be on several connections at once. */
public final class Cast implements Authenticator {

    private static final Authority EVERYTHING = new Authority("everything", Powers.of(Rights.all()));
    public static final List<String> APPS = List.of("red", "red", "red", "blue");
    public static final List<String> SHARED_PEERS = List.of("alice", "bob");

    public static @Nullable String metadata(String peer) {
        return peer.equals("alice") ? "{\"name\":\"Alice\"}" : null;
    }

    @Override
    public void authenticate(Visitor visitor, Consumer<Verdict> answer) {
        if (visitor.credential() instanceof Credential.Key key) {
            String[] names = key.id().split("\\.", 2);
            Peer peer = new Peer(names[1], metadata(names[1]));
            answer.accept(new Verdict.Granted(
                    new Grant(new App(names[0]), peer, EVERYTHING, Claimed.ALL, Grant.NEVER, null)));
        } else {
            answer.accept(new Verdict.Invalid("no key"));
        }
    }

    @Override
    public @Nullable Flaw flaw(Visitor visitor) {
        return null;
    }
}
