// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/**
 * The key or the issuer that grants rest on. It may be changed and withdrawn while its holders are connected, so it is
 * asked each time. Safe from any thread.
 */
public final class GrantAuthority {

    private final String id;
    private volatile GrantPowers powers;
    private volatile Standing standing = Standing.HONOURED;

    /** Whether what rests on an authority still counts. */
    public enum Standing {
        /** It does. */
        HONOURED,
        /** Its app is disabled. */
        SUSPENDED,
        /** It was taken out of the configuration. */
        WITHDRAWN
    }

    /**
     * One that is honoured.
     *
     * @param id the key's, or the issuer's; no secret
     */
    public GrantAuthority(String id, GrantPowers powers) {
        this.id = id;
        this.powers = powers;
    }

    /** Returns the name of the authority in logs. */
    public String id() {
        return id;
    }

    /** The most that may be done in its name. */
    public GrantPowers powers() {
        return powers;
    }

    /** Whether it still counts. */
    public Standing standing() {
        return standing;
    }

    /** Replaces its standing and what it allows. */
    public void update(Standing changed, GrantPowers allowed) {
        powers = allowed;
        standing = changed;
    }

    /** Withdraws it for good: it allows nothing from now on. */
    public void withdraw() {
        standing = Standing.WITHDRAWN;
    }
}
