// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/** What came of a credential. */
public sealed interface Verdict {

    /** Its holder may come in. */
    record Granted(Grant grant) implements Verdict {}

    /**
     * It is unknown, revoked or false: which of these is nobody's business but the operator's.
     *
     * @param reason for the log: words none of which are the visitor's
     */
    record Invalid(String reason) implements Verdict {}

    /** It was good once. */
    record Expired() implements Verdict {}

    /** It is genuine, but none of the channels it claims is one its key may give. */
    record Useless() implements Verdict {}

    /** Its app is disabled. */
    record Suspended() implements Verdict {}

    /** It cannot be judged now, because its issuer's keys cannot be had. */
    record Unknown() implements Verdict {}
}
