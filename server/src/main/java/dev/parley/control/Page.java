// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.Payload;
import dev.parley.json.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a long list of names in the order of their UTF-16 units. A page begins behind a name, so a list that changes
 * between two pages shows nothing twice and leaves out nothing that was there all the time.
 *
 * @param limit how many names there are on it
 * @param after the names on it come behind this one
 */
record Page(int limit, String after) {

    private static final int MAX_LIMIT = 1000;
    private static final String DEFAULT_LIMIT = "100";
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

    /**
     * What stands on a page.
     *
     * @param next the last of the names if more follow, else null
     */
    record Names(List<String> names, @Nullable String next) {

        /** Appends the end of an array, and what to ask for the next page with. */
        Payload end(Text text) {
            text.raw("],\"next\":");
            return (next == null ? text.raw("null") : text.string(next)).end();
        }
    }

    static Page of(Query query) throws Refused {
        String limit = query.value("limit", DEFAULT_LIMIT);
        if (!LIMIT.matcher(limit).matches() || Integer.parseInt(limit) > MAX_LIMIT) {
            throw Refused.invalid("\"limit\" must be a whole number from 1 to " + MAX_LIMIT);
        }
        return new Page(Integer.parseInt(limit), query.value("after", ""));
    }

    /** Those of the names, of which there is none twice, that stand on this page. */
    Names of(Stream<String> all) {
        PriorityQueue<String> first = new PriorityQueue<>(Comparator.reverseOrder());
        all.filter(name -> name.compareTo(after) > 0).forEach(name -> {
            first.add(name);
            if (first.size() > limit + 1) {
                first.remove();
            }
        });
        List<String> names = new ArrayList<>(first);
        names.sort(Comparator.naturalOrder());
        return names.size() <= limit
                ? new Names(names, null)
                : new Names(names.subList(0, limit), names.get(limit - 1));
    }
}
