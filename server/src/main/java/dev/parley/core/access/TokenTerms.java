// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token says.
 *
 * @param peerId its holder's
 * @param channels patterns; null for those of its key
 * @param permissions null for those of its key
 * @param issuedAt in seconds since 1970
 * @param expiresAt in seconds since 1970
 * @param metadata for its holder alone, the text of a JSON object
 * @param peerMetadata for the others, the text of a JSON object
 */
public record TokenTerms(
        String peerId,
        @Nullable List<String> channels,
        @Nullable Set<Action> permissions,
        long issuedAt,
        long expiresAt,
        @Nullable String metadata,
        @Nullable String peerMetadata) {

    /** Seconds a token lives if nothing else is asked for. */
    public static final int DEFAULT_LIFE = 3600;

    /** Seconds a token lives at most if Parley signs it. */
    public static final int MAX_LIFE = 86_400;

    /** Patterns a token may have. */
    public static final int MAX_CHANNELS = 100;

    /** Entries the list of permissions may have. */
    public static final int MAX_PERMISSIONS = 16;

    /** UTF-8 bytes of the metadata. */
    public static final int MAX_METADATA = 8192;

    /** UTF-8 bytes of the metadata others see. */
    public static final int MAX_PEER_METADATA = 4096;

    private static final int MAX_PEER_ID = 128;

    /** Whether a token may be made out to this peer: 1 to 128 printable ASCII characters. */
    public static boolean isPeerId(String id) {
        return !id.isEmpty() && id.length() <= MAX_PEER_ID && id.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** What is wrong with the form of it, in a sentence, or null. */
    public @Nullable String fault() {
        if (!isPeerId(peerId)) {
            return "\"peerId\" must be 1 to 128 printable ASCII characters";
        }
        if (channels != null && channels.size() > MAX_CHANNELS) {
            return "\"channels\" must be at most " + MAX_CHANNELS + " patterns";
        }
        if (channels != null && !channels.stream().allMatch(NameRules::isChannel)) {
            return "each of \"channels\" must be 1 to 256 characters without control characters";
        }
        if (isLonger(metadata, MAX_METADATA)) {
            return "\"metadata\" must be at most " + MAX_METADATA + " bytes";
        }
        return isLonger(peerMetadata, MAX_PEER_METADATA)
                ? "\"peerMetadata\" must be at most " + MAX_PEER_METADATA + " bytes"
                : null;
    }

    /** The first channel a key with these powers may not give, or null. */
    public @Nullable String foreignChannel(GrantPowers powers) {
        if (channels == null) {
            return null;
        }
        for (String channel : channels) {
            if (!powers.channels().cover(ChannelPattern.of(channel))) {
                return channel;
            }
        }
        return null;
    }

    /** The first permission a key with these powers may not give, or null. */
    public @Nullable Action foreignPermission(GrantPowers powers) {
        if (permissions == null) {
            return null;
        }
        for (Action permission : permissions) {
            if (!powers.actions().contains(permission)) {
                return permission;
            }
        }
        return null;
    }

    private static boolean isLonger(@Nullable String text, int bytes) {
        return text != null && text.getBytes(StandardCharsets.UTF_8).length > bytes;
    }
}
