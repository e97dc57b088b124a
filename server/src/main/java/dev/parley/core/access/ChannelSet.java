// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import java.util.List;

/**
 * A set of channels, given by patterns.
 *
 * @param patterns a channel is in the set if any of them matches
 */
public record ChannelSet(List<ChannelPattern> patterns) {

    /** Keeps a copy. */
    public ChannelSet {
        patterns = List.copyOf(patterns);
    }

    /** Returns the channels that these patterns match. */
    public static ChannelSet of(List<String> patterns) {
        return new ChannelSet(patterns.stream().map(ChannelPattern::of).toList());
    }

    /** Whether the channel is in the set. */
    public boolean include(String channel) {
        for (ChannelPattern pattern : patterns) {
            if (pattern.matches(channel)) {
                return true;
            }
        }
        return false;
    }

    /** Whether every channel of the pattern is in the set, see {@link ChannelPattern#covers}. */
    public boolean cover(ChannelPattern pattern) {
        return patterns.stream().anyMatch(mine -> mine.covers(pattern));
    }

    /** Whether the channel is in the set, asterisks in its name taken literally, see {@link ChannelPattern#names}. */
    public boolean name(String channel) {
        return patterns.stream().anyMatch(pattern -> pattern.names(channel));
    }

    /** Returns the patterns as text. */
    public List<String> texts() {
        return patterns.stream().map(ChannelPattern::toString).toList();
    }
}
