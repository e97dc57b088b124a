// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/** What a client shows to be let in. Its text form hides it: it may end in a log. */
public sealed interface Credential {

    /** The id of a publishable key. */
    record Key(String id) implements Credential {
        @Override
        public String toString() {
            return "key";
        }
    }

    /** A signed token. */
    record Token(String text) implements Credential {
        @Override
        public String toString() {
            return "token";
        }
    }

    /** Nothing. */
    record None() implements Credential {}
}
