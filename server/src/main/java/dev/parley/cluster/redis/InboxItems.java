// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.InboxEntry;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the items of an inbox, which {@code decide.lua} describes. */
final class InboxItems {

    private static final Logger log = LoggerFactory.getLogger(InboxItems.class);

    private InboxItems() {}

    /**
     * Adds what an item means. One that cannot be read is logged and left out.
     *
     * @param bytes by app
     */
    static void read(byte[] kind, byte[] item, List<InboxEntry> entries, Map<String, Long> bytes) {
        try {
            ByteReader reader = new ByteReader(item);
            if (kind[0] == 'Q') {
                while (!reader.isAtEnd()) {
                    bytes.merge(reader.word(), Long.parseLong(reader.word()), Long::sum);
                }
            } else if (kind[0] == 'D') {
                while (!reader.isAtEnd()) {
                    entries.add(new InboxEntry.Decided(Long.parseLong(reader.word()), outcome(reader.word(), reader)));
                }
            } else {
                entries.add(read((char) kind[0], reader));
            }
        } catch (RuntimeException e) {
            log.error("an item of the inbox cannot be read: something else than Parley writes to its keys", e);
        }
    }

    private static InboxEntry read(char kind, ByteReader item) {
        return switch (kind) {
            case 'J' -> joined(item);
            case 'A' -> happened(arrived(item));
            case 'V' -> happened(probeAnswered(item));
            case 'E' -> happened(entered(item));
            case 'L' -> happened(left(item));
            case 'P' -> happened(EventBytes.published(item));
            case 'S' -> happened(EventBytes.sent(item));
            case 'K' -> happened(asked(item));
            case 'Y' -> happened(ListBytes.answered(item));
            case 'C' -> happened(EventBytes.closed(item));
            case 'R' -> happened(EventBytes.reported(item));
            default -> throw new IllegalArgumentException("unknown kind " + kind);
        };
    }

    private static Outcome outcome(String letter, ByteReader item) {
        String number = item.word();
        return switch (letter) {
            case "d" -> new Outcome.Done();
            case "a" -> new Outcome.Arrived(Integer.parseInt(number));
            case "r" -> new Outcome.Reached(Integer.parseInt(number));
            case "p" ->
                new Outcome.Published(
                        Integer.parseInt(number), Long.parseLong(item.word()), Long.parseLong(item.word()));
            case "f" -> new Outcome.Full(Integer.parseInt(number));
            case "u" -> new Outcome.Unknown();
            case "s" -> new Outcome.OverShare();
            case "n", "b" -> new Outcome.Unavailable(false);
            case "x" -> new Outcome.Unavailable(true);
            default -> throw new IllegalArgumentException("unknown outcome " + letter);
        };
    }

    private static InboxEntry joined(ByteReader item) {
        long number = Long.parseLong(item.word());
        int others = Integer.parseInt(item.word());
        if (item.word().equals("0")) {
            return new InboxEntry.Decided(number, new Outcome.Joined(others, null));
        }
        List<RosterEntry> roster = new ArrayList<>();
        while (!item.isAtEnd()) {
            boolean isAway = item.raw() == 1;
            item.size(); // an identity knows its end
            roster.add(EventBytes.entry(item, isAway));
        }
        return new InboxEntry.Decided(number, new Outcome.Joined(others, roster));
    }

    private static NodeEvent arrived(ByteReader item) {
        int app = item.small();
        int peer = item.small();
        return new NodeEvent.Arrived(item.text(app), item.text(peer), session(item));
    }

    private static NodeEvent probeAnswered(ByteReader item) {
        int app = item.small();
        boolean isOneAlive = item.raw() == 1;
        return new NodeEvent.ProbeAnswered(item.text(app), session(item), isOneAlive);
    }

    private static NodeEvent asked(ByteReader item) {
        String node = item.word();
        return ListBytes.asked(node, item);
    }

    private static NodeEvent entered(ByteReader item) {
        int app = item.small();
        int room = item.small();
        boolean isAway = item.raw() == 1;
        return new NodeEvent.Entered(item.text(app), item.text(room), EventBytes.entry(item, isAway));
    }

    private static NodeEvent left(ByteReader item) {
        int app = item.small();
        int room = item.small();
        return new NodeEvent.Left(item.text(app), item.text(room), session(item));
    }

    private static SessionId session(ByteReader item) {
        String id = item.rest();
        int dash = id.lastIndexOf('-');
        return new SessionId(id.substring(0, dash), Long.parseLong(id.substring(dash + 1)));
    }

    private static InboxEntry happened(NodeEvent event) {
        return new InboxEntry.Happened(event);
    }
}
