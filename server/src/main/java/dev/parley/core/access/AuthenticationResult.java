// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/** What came of a credential. */
public sealed interface AuthenticationResult {

    /** Its holder may come in. */
    record Granted(Grant grant) implements AuthenticationResult {}

    /**
     * It is unknown, revoked or false: which of these is nobody's business but the operator's.
     *
     * @param reason for the log: words none of which are the visitor's
     */
    record Invalid(String reason) implements AuthenticationResult {}

    /** It was good once. */
    record Expired() implements AuthenticationResult {}

    /** It is genuine, but none of the channels it claims is one its key may give. */
    record Useless() implements AuthenticationResult {}

    /** Its app is disabled. */
    record Suspended() implements AuthenticationResult {}

    /** It cannot be judged now, because its issuer's keys could not be fetched. */
    record Unknown() implements AuthenticationResult {}
}
