// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import java.util.UUID;

/**
 * Makes ids for peers that bring none: UUIDs of version 7 (RFC 9562, section 5.7), which sort by the time they are
 * made. So the peer that connected first has the smaller id, and in clients that compare ids it is the polite one: see
 * docs/decisions/0029.
 */
final class OrderedIds {

    private static final long VERSION = 0x7000;

    private static final long RANDOM_BITS = 0x0FFF;

    private OrderedIds() {}

    /** Returns a new id, of which 74 bits are random. */
    static String next(long epochMillis) {
        UUID random = UUID.randomUUID(); // its lower half has the variant that version 7 has, too
        long upper = epochMillis << 16 | VERSION | (random.getMostSignificantBits() & RANDOM_BITS);
        return new UUID(upper, random.getLeastSignificantBits()).toString();
    }
}
