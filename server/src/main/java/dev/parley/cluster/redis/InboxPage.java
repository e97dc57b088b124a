// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.InboxEntry;
import dev.parley.cluster.StoreReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a page of what Redis replies of a stream. */
final class InboxPage {

    private final List<InboxEntry> entries = new ArrayList<>();
    private final Map<String, Long> bytes = new HashMap<>();
    private long through;

    /** @param after the place behind which the page begins */
    InboxPage(long after) {
        this.through = after;
    }

    /** Adds an item of an entry. */
    void add(byte[] kind, byte[] item) {
        InboxItems.read(kind, item, entries, bytes);
    }

    /** All items of the entry with this id of the stream were added. */
    void end(String id) {
        through = Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    /** Adds entries as {@code XRANGE} has them: each an id, and kinds and items in turn. */
    void addAll(List<?> range) {
        for (Object entry : range) {
            List<?> parts = (List<?>) entry;
            List<?> items = (List<?>) parts.get(1);
            for (int i = 0; i + 1 < items.size(); i += 2) {
                add((byte[]) items.get(i), (byte[]) items.get(i + 1));
            }
            end(new String((byte[]) parts.get(0), StandardCharsets.US_ASCII));
        }
    }

    StoreReply.Page reply() {
        return new StoreReply.Page(entries, through, bytes);
    }
}
