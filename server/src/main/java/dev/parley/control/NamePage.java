// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.ListQuery;
import java.util.regex.Pattern;

/**
 * The part of a list of names that a request selects. Names are in the order of their UTF-16 units, and a page begins
 * behind one of them: a list that changes between two pages repeats no name, and omits none that was in it all the
 * time.
 *
 * @param limit the most names on the page
 * @param after the name behind which the page begins
 */
record NamePage(int limit, String after) {

    /** The most names of a page. */
    static final int MAX_LIMIT = 1000;

    private static final int DEFAULT_LIMIT = 100;
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

    /** Returns what asks all nodes for this page, and one item more. */
    ListQuery query(ListQuery.Kind kind, String scope) {
        return new ListQuery(kind, scope, after, limit + 1);
    }

    /** @param cursors decrypts the end of the page before */
    static NamePage of(QueryParameters query, PageCursors cursors) throws ApiRefusedException {
        return of(query, cursors, DEFAULT_LIMIT);
    }

    /** @param defaultLimit the limit of a request that names none */
    static NamePage of(QueryParameters query, PageCursors cursors, int defaultLimit) throws ApiRefusedException {
        String limit = query.value("limit", Integer.toString(defaultLimit));
        if (!LIMIT.matcher(limit).matches() || Integer.parseInt(limit) > MAX_LIMIT) {
            throw ApiRefusedException.invalid("\"limit\" must be a whole number from 1 to " + MAX_LIMIT);
        }
        return new NamePage(Integer.parseInt(limit), cursors.open(query.value("after", "")));
    }
}
