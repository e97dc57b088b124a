// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client shows to be let in: a publishable key or a token. */
public final class Credential {

    /** What an item of the subprotocols is made of (RFC 9110, section 5.6.2). */
    private static final Pattern ITEM = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final String TOKEN = "bearer";

    private final String kind;
    private final String value;

    private Credential(String kind, String value) {
        if (!ITEM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a credential: it has characters that none has");
        }
        this.kind = kind;
        this.value = value;
    }

    /**
     * A publishable key.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static Credential key(String key) {
        return new Credential("key", key);
    }

    /**
     * A signed token.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static Credential token(String token) {
        return new Credential(TOKEN, token);
    }

    /** Returns the token; null for a key. */
    @Nullable
    String token() {
        return kind.equals(TOKEN) ? value : null;
    }

    /** Returns the subprotocol that contains it. */
    String item() {
        return kind + "." + value;
    }

    /** Hides the value: it may end in a log. */
    @Override
    public String toString() {
        return kind;
    }
}
