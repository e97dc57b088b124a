// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.Channels;
import org.jspecify.annotations.Nullable;

/**
 * What an answer costs the loop that puts it together, in steps: to look at a name, or to send to a connection, is one step
 * of some 100 ns. It bounds the answer, and is charged to the key. For one request.
 */
final class Effort {

    /** The steps after which an answer ends. One name more may cost as much again. */
    static final int MAX_STEPS = 10_000;

    /** So many steps cost a key as much as one request. */
    private static final int STEPS_PER_REQUEST = 100;

    /** The bytes of a message that are copied to a connection in one step. */
    private static final int BYTES_PER_STEP = 4096;

    /** The characters of a name that are compared with a pattern in one step. */
    private static final int CHARACTERS_PER_STEP = 16;

    private int steps;

    /** Counts these steps. */
    void add(int more) {
        steps += more;
    }

    /** Counts a message of this size that is sent to so many connections. */
    void addDelivery(int connections, int bytes) {
        add(connections * (1 + bytes / BYTES_PER_STEP));
    }

    /** Whether the channel is in the set, and matches the pattern if there is one. Counts the comparisons. */
    boolean isIncluded(String channel, Channels set, @Nullable ChannelPattern pattern) {
        int patterns = set.patterns().size() + (pattern == null ? 0 : 1);
        add(patterns * (1 + channel.length() / CHARACTERS_PER_STEP));
        return (pattern == null || pattern.matches(channel)) && set.include(channel);
    }

    /** Whether the answer has to end. */
    boolean isSpent() {
        return steps >= MAX_STEPS;
    }

    int steps() {
        return steps;
    }

    /** The requests this costs beside the first. */
    int requests() {
        return steps / STEPS_PER_REQUEST;
    }
}
