// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

import dev.parley.core.access.ComparedName;
import dev.parley.core.access.PatternCost;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of an app at one moment. Each stays at one place as long as it exists. So the matches of a name hold no
 * patterns, and are brought up to date by comparing only those that are newer. Immutable.
 */
final class PatternSet {

    static final PatternSet EMPTY = new PatternSet(0, new PatternSubscribers[0], 0);

    private final long version;

    /** The subscribers of each place; null where the place is free. */
    private final @Nullable PatternSubscribers[] places;

    private final int count;
    private final PatternCost cost;

    private PatternSet(long version, @Nullable PatternSubscribers[] places, int count) {
        this.version = version;
        this.places = places;
        this.count = count;
        PatternCost all = PatternCost.NONE;
        for (PatternSubscribers subscribers : places) {
            if (subscribers != null) {
                all = all.plus(subscribers.pattern().cost());
            }
        }
        this.cost = all;
    }

    /** Grows with each pattern that is added. */
    long version() {
        return version;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns this set and one pattern more, whose version is the next one. */
    PatternSet with(PatternSubscribers added) {
        int place = 0;
        while (place < places.length && places[place] != null) {
            place++;
        }
        @Nullable PatternSubscribers[] more = Arrays.copyOf(places, Math.max(places.length, place + 1));
        more[place] = added;
        return new PatternSet(added.version(), more, count + 1);
    }

    /** Returns this set without one of its patterns. */
    @SuppressWarnings("ReferenceEquality") // a later one of the same pattern stays
    PatternSet without(PatternSubscribers removed) {
        @Nullable PatternSubscribers[] fewer = places.clone();
        for (int place = 0; place < fewer.length; place++) {
            if (fewer[place] == removed) {
                fewer[place] = null;
            }
        }
        return new PatternSet(version, count == 1 ? new PatternSubscribers[0] : fewer, count - 1);
    }

    /** Returns what it costs to compare a name with all patterns. */
    PatternCost cost() {
        return cost;
    }

    /** Returns the subscribers at a place, null if it is free. */
    @Nullable
    PatternSubscribers at(int place) {
        return place < places.length ? places[place] : null;
    }

    /** Compares a name with all patterns. */
    PatternMatches matches(ComparedName name) {
        int[] found = new int[places.length];
        int length = 0;
        for (int place = 0; place < places.length; place++) {
            PatternSubscribers subscribers = places[place];
            if (subscribers != null && name.compare(subscribers.pattern())) {
                found[length++] = place;
            }
        }
        return new PatternMatches(version, Arrays.copyOf(found, length));
    }

    /**
     * Compares a name with the patterns that are newer than its matches. The steps are counted as unpaid ones of these
     * patterns.
     *
     * @param before of no later version than this set
     */
    PatternMatches update(ComparedName name, PatternMatches before) {
        int[] found = new int[places.length];
        int length = 0;
        int next = 0;
        for (int place = 0; place < places.length; place++) {
            while (next < before.places().length && before.places()[next] < place) {
                next++;
            }
            PatternSubscribers subscribers = places[place];
            if (subscribers != null && isMatch(name, subscribers, before, next, place)) {
                found[length++] = place;
            }
        }
        return new PatternMatches(version, Arrays.copyOf(found, length));
    }

    private static boolean isMatch(
            ComparedName name, PatternSubscribers subscribers, PatternMatches before, int next, int place) {
        if (subscribers.version() <= before.version()) {
            return next < before.places().length && before.places()[next] == place;
        }
        long steps = name.steps();
        boolean isMatch = name.compare(subscribers.pattern());
        subscribers.addUnpaid(name.steps() - steps);
        return isMatch;
    }
}
