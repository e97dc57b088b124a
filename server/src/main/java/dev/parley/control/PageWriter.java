// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.HttpReply;
import dev.parley.core.port.ListPart;
import dev.parley.core.room.NameIndex;
import dev.parley.json.JsonBuilder;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes one page of a list as the items of a JSON array. The page ends when it is full, and earlier after {@link
 * Effort#MAX_STEPS} or {@link #MAX_BYTES}; it can then have fewer items than its limit, or none, while others follow.
 * For one request, on its loop.
 */
final class PageWriter {

    /** A page ends after so many bytes. Its last item may exceed them, see {@link PeerList}. */
    static final int MAX_BYTES = 256 << 10;

    /** Names that are read from an index at once, at least and at most. */
    private static final int MIN_CHUNK = 16;

    private static final int CHUNK = 128;

    private final NamePage page;
    private final RequestEffort effort;
    private final JsonBuilder text;
    private int items;

    /** The last name on the page, null while it is empty. */
    private @Nullable String last;

    /** The cursor of the next page, null if this is the last. */
    private @Nullable String next;

    /** Finds the items of a list. */
    @FunctionalInterface
    interface Items {

        /** Returns what writes the item of this name, null if the name is not on the list. */
        @Nullable
        Consumer<JsonBuilder> item(String name);
    }

    /** @param text ends with the beginning of the array */
    PageWriter(NamePage page, RequestEffort effort, JsonBuilder text) {
        this.page = page;
        this.effort = effort;
        this.text = text;
    }

    /**
     * Adds the names of an index behind the beginning of the page, as far as they are on the list.
     *
     * @param prefix only names that begin with it are read
     * @param cursors encrypts the end of the page if no item is on it: that name may be secret
     */
    void addAll(NameIndex names, String prefix, Items list, PageCursors cursors) {
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
                Consumer<JsonBuilder> item = list.item(name);
                if (item != null && !add(name, item)) {
                    return;
                }
            }
            chunk = names.after(visited, chunkSize());
        }
    }

    /**
     * Adds items that were gathered from all nodes, as far as they are on the list.
     *
     * @param cursors see {@link #addAll}
     */
    void addAll(ListPart part, Function<ListPart.Item, @Nullable Consumer<JsonBuilder>> list, PageCursors cursors) {
        String visited = page.after();
        for (ListPart.Item item : part.items()) {
            effort.add(1);
            Consumer<JsonBuilder> writer = list.apply(item);
            if (writer != null && !add(item.name(), writer)) {
                return;
            }
            visited = item.name();
        }
        if (part.hasMore()) {
            next = visited.equals(last) ? last : cursors.seal(visited);
        }
    }

    /** Adds an item; returns false, and adds nothing, if the page is full. */
    boolean add(String name, Consumer<JsonBuilder> item) {
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

    /** Returns the answer, with the cursor of the next page or null. */
    HttpReply end() {
        text.raw("],\"next\":");
        return JsonReplies.ok((next == null ? text.raw("null") : text.string(next)).end());
    }

    /** Returns the answer, with the cursor of the next page if there is one. */
    HttpReply endWithoutNull() {
        text.raw("]");
        return JsonReplies.ok((next == null ? text : text.raw(",\"next\":").string(next)).end());
    }

    private boolean isSpent() {
        return effort.isSpent() || text.length() >= MAX_BYTES;
    }

    /** One name beyond the limit shows whether others follow. */
    private int chunkSize() {
        return Math.clamp(page.limit() - items + 1, MIN_CHUNK, CHUNK);
    }
}
