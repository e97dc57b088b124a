// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, as a {@link ListQuery} asked for it.
 *
 * @param items in the order of their names
 * @param hasMore whether others follow
 */
public record ListPart(List<Item> items, boolean hasMore) {

    /** Keeps a copy. */
    public ListPart {
        items = List.copyOf(items);
    }

    /**
     * A room or a peer.
     *
     * @param count of a room, how many peers are in its roster; of a peer, how many connections it has
     * @param metadata what a peer shows of itself, the text of a JSON object
     * @param rooms of a peer, those in whose rosters it is
     * @param isWhole whether these are all of them
     */
    public record Item(String name, int count, @Nullable String metadata, List<String> rooms, boolean isWhole) {

        /** Keeps a copy. */
        public Item {
            rooms = List.copyOf(rooms);
        }
    }
}
