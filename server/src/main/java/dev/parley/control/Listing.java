// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.Reply;
import dev.parley.core.room.NameIndex;
import dev.parley.json.Text;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list while it is put together, as the items of a JSON array. It ends when it is full, and earlier when it
 * costs too much: then a page may hold less than its limit, even nothing, and others follow. For one request.
 */
final class Listing {

    /** The size of an answer after which it ends. The last item may exceed it, see {@link PeerList}. */
    static final int MAX_BYTES = 256 << 10;

    /** The names that are read from an index at once, at least and at most. */
    private static final int MIN_CHUNK = 16;

    private static final int CHUNK = 128;

    private final Page page;
    private final Effort effort;
    private final Text text;
    private int items;

    /** The last name on the page. */
    private @Nullable String last;

    /** The name behind which the next page begins, null if there is none. */
    private @Nullable String next;

    /** Writes the items of a list. */
    @FunctionalInterface
    interface Items {

        /** What writes the item of this name, null if the name is not on the list. */
        @Nullable
        Consumer<Text> item(String name);
    }

    /** @param text ends with the beginning of the array */
    Listing(Page page, Effort effort, Text text) {
        this.page = page;
        this.effort = effort;
        this.text = text;
    }

    /**
     * Adds the names of the index that begin like this and stand behind the page's beginning.
     *
     * @param cursors seals the end of a page if it is a name that is not on the list, and so may be a secret
     */
    void addAll(NameIndex names, String prefix, Items list, Cursors cursors) {
        String visited = page.after();
        List<String> chunk =
                visited.compareTo(prefix) < 0 ? names.from(prefix, chunkSize()) : names.after(visited, chunkSize());
        while (!chunk.isEmpty()) {
            for (String name : chunk) {
                if (!name.startsWith(prefix)) {
                    return;
                }
                if (isSpent()) {
                    next = last == null ? cursors.seal(visited) : last;
                    return;
                }
                effort.add(1);
                visited = name;
                Consumer<Text> item = list.item(name);
                if (item != null && !add(name, item)) {
                    return;
                }
            }
            chunk = names.after(visited, chunkSize());
        }
    }

    /** Adds an item; false if the page is full, which then is not the last. */
    boolean add(String name, Consumer<Text> item) {
        if (items == page.limit() || text.length() >= MAX_BYTES) {
            next = last;
            return false;
        }
        if (items > 0) {
            text.raw(",");
        }
        item.accept(text);
        items++;
        last = name;
        return true;
    }

    /** The answer, with the beginning of the next page. */
    Reply end() {
        text.raw("],\"next\":");
        return Replies.ok((next == null ? text.raw("null") : text.string(next)).end());
    }

    /** The answer, with the beginning of the next page if there is one. */
    Reply endCompatibly() {
        text.raw("]");
        return Replies.ok((next == null ? text : text.raw(",\"next\":").string(next)).end());
    }

    private boolean isSpent() {
        return effort.isSpent() || text.length() >= MAX_BYTES;
    }

    /** One name more than the page has room for tells whether others follow. */
    private int chunkSize() {
        return Math.clamp(page.limit() - items + 1, MIN_CHUNK, CHUNK);
    }
}
