// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/** What came of a credential. */
public sealed interface Verdict {

    /** Its holder may come in. */
    record Granted(Grant grant) implements Verdict {}

    /** It is unknown, revoked or false: which of these is nobody's business. */
    record Invalid() implements Verdict {}

    /** It was good once. */
    record Expired() implements Verdict {}
}
