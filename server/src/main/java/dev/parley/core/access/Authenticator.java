// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns credentials into grants. Safe from any thread; must not block. */
public interface Authenticator {

    /** Answers once: before it returns or later, on any thread. */
    void authenticate(ConnectingClient connecting, Consumer<AuthenticationResult> answer);

    /** What is wrong at first sight, or null. A client with a flaw would not be granted anything. */
    @Nullable
    VisitorFlaw flaw(ConnectingClient connecting);

    /** Whether it shows a publishable key that would be granted now. Costs a look-up and no cryptography. */
    default boolean isPublishableKey(ConnectingClient connecting) {
        return false;
    }
}
