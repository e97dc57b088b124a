// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.ChannelSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a request costs its loop, in steps of some 100 ns. Reading one name is one step, and so is sending to one
 * connection. The count bounds the answer and is charged to the rate of the key. For one request, on its loop.
 */
final class RequestEffort {

    /** A list ends after so many steps. Its last item may take as many again. */
    static final int MAX_STEPS = 10_000;

    /** This many steps are charged as one more request. */
    private static final int STEPS_PER_REQUEST = 100;

    /** Bytes of a message that are sent to a connection in one step. */
    private static final int BYTES_PER_STEP = 4096;

    /** Characters of a name that are compared with a pattern in one step. */
    private static final int CHARACTERS_PER_STEP = 16;

    /** Steps of comparisons of a name with patterns, each of some 7 ns, in one step. */
    private static final int COMPARISONS_PER_STEP = 16;

    private int steps;

    /** Counts these steps. */
    void add(int more) {
        steps += more;
    }

    /** Counts steps of comparisons, see {@link dev.parley.core.access.ComparedName}. */
    void addComparisons(long comparisonSteps) {
        add((int) Math.min(comparisonSteps / COMPARISONS_PER_STEP, MAX_STEPS));
    }

    /** Counts a message of this size sent to so many connections. */
    void addDelivery(int connections, int bytes) {
        add(connections * (1 + bytes / BYTES_PER_STEP));
    }

    /** Compares a channel with a set and, if there is one, a pattern; returns whether both include it. */
    boolean compare(String channel, ChannelSet set, @Nullable ChannelPattern pattern) {
        int patterns = set.patterns().size() + (pattern == null ? 0 : 1);
        add(patterns * (1 + channel.length() / CHARACTERS_PER_STEP));
        return (pattern == null || pattern.matches(channel)) && set.include(channel);
    }

    /** Whether the list has to end. */
    boolean isSpent() {
        return steps >= MAX_STEPS;
    }

    int steps() {
        return steps;
    }

    /** The further requests that this is charged as. */
    int requests() {
        return steps / STEPS_PER_REQUEST;
    }
}
