// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a credential may allow. */
public enum Action {
    /** Hearing a channel and being seen in it. */
    SUBSCRIBE,
    /** Saying something to everyone in a channel. */
    PUBLISH,
    /** Seeing who is in a channel. */
    PRESENCE,
    /** Saying something to one peer. */
    SEND;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** How it is written in the configuration, in tokens and in requests. */
    public String word() {
        return word;
    }

    /** Returns the action of that name, or null. */
    public static @Nullable Action of(String word) {
        for (Action action : values()) {
            if (action.word.equals(word)) {
                return action;
            }
        }
        return null;
    }
}
