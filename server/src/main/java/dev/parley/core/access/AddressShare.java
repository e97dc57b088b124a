// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * How much of a limit clients at one address may hold: as much as is free. So one address alone takes half of the
 * limit, the next one a quarter; several addresses that take as much as they may hold an equal share each, and as much
 * is left for an address that holds nothing yet. While less than half of the limit is held, no address is refused.
 */
public final class AddressShare {

    /** Limits up to this one are not shared: a pair behind one address needs both places of its channel. */
    public static final int SMALL_LIMIT = 16;

    private AddressShare() {}

    /**
     * Returns whether clients at one address may hold one more.
     *
     * @param limit how much all may hold
     * @param total how much all hold
     * @param held how much clients at that address hold
     */
    public static boolean allows(long limit, long total, long held) {
        return total < limit && (limit <= SMALL_LIMIT || held < limit - total);
    }
}
