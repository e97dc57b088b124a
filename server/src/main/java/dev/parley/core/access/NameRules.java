// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules for names that clients choose: any text without control characters, compared exactly. Where something other
 * than text was given, the name is null.
 */
public final class NameRules {

    private static final int MAX_CHANNEL_LENGTH = 256;
    private static final int MAX_PEER_ID_LENGTH = 128;
    private static final List<String> RESERVED = List.of("_metered/", "_internal/", "_system/");

    private NameRules() {}

    /** Whether a channel may have this name: 1 to 256 UTF-16 units. */
    public static boolean isChannel(@Nullable String name) {
        return name != null && isPlain(name, MAX_CHANNEL_LENGTH);
    }

    /** Whether the channel is reserved for the server, in upper or lower case. */
    public static boolean isReserved(String channel) {
        for (String prefix : RESERVED) {
            if (channel.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a peer may have this id: 1 to 128 UTF-16 units. */
    public static boolean isPeerId(@Nullable String id) {
        return id != null && isPlain(id, MAX_PEER_ID_LENGTH);
    }

    /** Whether UTF-8, and so a URL, can encode the text: it has no half of a surrogate pair. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean isPair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean isPlain(String text, int maxLength) {
        int length = text.length();
        if (length == 0 || length > maxLength) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
