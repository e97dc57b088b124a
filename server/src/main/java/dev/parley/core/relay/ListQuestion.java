// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.ListPart;
import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A question to all nodes for a part of a list, and their answers. On the coordinator's loop. */
final class ListQuestion {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Consumer<@Nullable ListPart> answer;
    private final LoopTimer patience;
    private final List<ListPart> parts = new ArrayList<>();

    /** How many nodes are asked; negative while that is not known. */
    private int nodes = -1;

    private boolean isOver;

    /**
     * A question that is about to be asked.
     *
     * @param answer is given the parts of all nodes as one; null if one of them did not answer in time
     */
    ListQuestion(Loop loop, Consumer<@Nullable ListPart> answer) {
        this.answer = answer;
        this.patience = loop.schedule(PATIENCE, () -> end(null));
    }

    /** So many nodes are asked; negative if the question could not be decided. */
    void asked(int count) {
        nodes = count;
        if (count < 0) {
            end(null);
        } else {
            endIfWhole();
        }
    }

    /** A node has answered. */
    void answered(ListPart part) {
        parts.add(part);
        endIfWhole();
    }

    private void endIfWhole() {
        if (parts.size() == nodes) {
            end(merge(parts));
        }
    }

    private void end(@Nullable ListPart whole) {
        if (!isOver) {
            isOver = true;
            patience.cancel();
            answer.accept(whole);
        }
    }

    /**
     * Returns one part of several. A node that has more has said nothing of the names behind its last one, so the part
     * ends there.
     */
    static ListPart merge(List<ListPart> parts) {
        NavigableMap<String, ListPart.Item> items = new TreeMap<>();
        String end = null;
        for (ListPart part : parts) {
            part.items().forEach(item -> items.merge(item.name(), item, ListQuestion::merge));
            if (part.hasMore() && !part.items().isEmpty()) {
                String last = part.items().getLast().name();
                end = end == null || last.compareTo(end) < 0 ? last : end;
            }
        }
        Map<String, ListPart.Item> known = end == null ? items : items.headMap(end, true);
        return new ListPart(List.copyOf(known.values()), end != null);
    }

    private static ListPart.Item merge(ListPart.Item one, ListPart.Item other) {
        TreeSet<String> rooms = new TreeSet<>(one.rooms());
        rooms.addAll(other.rooms());
        return new ListPart.Item(
                one.name(),
                one.count() + other.count(),
                one.metadata() == null ? other.metadata() : one.metadata(),
                List.copyOf(rooms),
                one.isWhole() && other.isWhole());
    }
}
