// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.function.Consumer;

/** Turns credentials into grants. Safe from any thread; must not block. */
@FunctionalInterface
public interface Authenticator {

    /** Answers once: before it returns or later, on any thread. */
    void authenticate(Credential credential, Consumer<Verdict> answer);
}
