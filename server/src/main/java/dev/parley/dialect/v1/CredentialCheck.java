// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.port.ArrivalThrottle;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Judges the credentials of one client, the first and those that come later; each bad one counts against its address.
 *
 * @param authenticator judges
 * @param throttle counts
 * @param address where the client comes from
 */
record CredentialCheck(Authenticator authenticator, ArrivalThrottle throttle, InetAddress address) {

    /** Checks the credential, and answers once, on any thread. */
    void check(ConnectingClient connecting, Consumer<AuthenticationResult> answer) {
        authenticator.authenticate(connecting, result -> {
            if (result instanceof AuthenticationResult.Invalid) {
                throttle.recordFailure(address);
            }
            answer.accept(result);
        });
    }

    /** Whether anything this address brings would be looked at now. */
    boolean acceptsSecrets() {
        return throttle.acceptsSecrets(address);
    }

    /** Authenticates a newer token of a connected client. */
    void check(String token, Consumer<AuthenticationResult> answer) {
        check(new ConnectingClient(new Credential.Token(token), List.of(), address), answer);
    }
}
