// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.core.port.Command;
import dev.parley.core.port.ListPart;
import dev.parley.core.port.ListQuery;
import dev.parley.core.port.NodeEvent;
import java.util.ArrayList;
import java.util.List;

/** Questions for lists and their answers as bytes, which scripts copy and never read. */
final class ListBytes {

    private static final int USUAL = 256;

    private ListBytes() {}

    static byte[] asked(Command.Ask ask) {
        ByteWriter bytes = new ByteWriter(USUAL);
        bytes.text(ask.app());
        bytes.number(ask.number());
        bytes.text(ask.query().kind().name());
        bytes.text(ask.query().scope());
        bytes.text(ask.query().after());
        bytes.number(ask.query().most());
        return bytes.end();
    }

    /** @param node that asked */
    static NodeEvent asked(String node, ByteReader bytes) {
        return new NodeEvent.Asked(
                bytes.text(),
                node,
                bytes.number(),
                new ListQuery(
                        ListQuery.Kind.valueOf(bytes.text()),
                        bytes.text(),
                        bytes.text(),
                        Math.toIntExact(bytes.number())));
    }

    static byte[] answered(Command.Answer answer) {
        ByteWriter bytes = new ByteWriter(USUAL);
        bytes.text(answer.app());
        bytes.number(answer.number());
        bytes.number(answer.part().hasMore() ? 1 : 0);
        for (ListPart.Item item : answer.part().items()) {
            bytes.text(item.name());
            bytes.number(item.count());
            bytes.text(item.metadata());
            bytes.number(item.isWhole() ? 1 : 0);
            bytes.number(item.rooms().size());
            item.rooms().forEach(bytes::text);
        }
        return bytes.end();
    }

    static NodeEvent answered(ByteReader bytes) {
        String app = bytes.text();
        long number = bytes.number();
        boolean hasMore = bytes.number() == 1;
        List<ListPart.Item> items = new ArrayList<>();
        while (!bytes.isAtEnd()) {
            items.add(item(bytes));
        }
        return new NodeEvent.Answered(app, number, new ListPart(items, hasMore));
    }

    private static ListPart.Item item(ByteReader bytes) {
        String name = bytes.text();
        int count = Math.toIntExact(bytes.number());
        String metadata = bytes.textOrNull();
        boolean isWhole = bytes.number() == 1;
        List<String> rooms = new ArrayList<>();
        for (long left = bytes.number(); left > 0; left--) {
            rooms.add(bytes.text());
        }
        return new ListPart.Item(name, count, metadata, rooms, isWhole);
    }
}
