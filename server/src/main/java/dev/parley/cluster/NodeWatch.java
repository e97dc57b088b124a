// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which other nodes show no sign of life. A node is silent when its beat has been the same for {@link #SILENCE} on the
 * clock of this node, which has seen the beats throughout: if the store or this node was away, everybody begins anew.
 * On the node's loop.
 */
final class NodeWatch {

    /** How long a node may be silent before others sweep it. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** Beats come much more often: after such a gap, nobody's silence means anything. */
    private static final Duration GAP = Duration.ofSeconds(3);

    private Map<String, Seen> nodes = new HashMap<>();
    private long lastLook = Long.MIN_VALUE;

    private record Seen(StoreReply.NodeBeat beat, long since) {}

    /** A node that is silent, and its last beat. */
    record Silent(String incarnation, StoreReply.NodeBeat beat) {}

    /** Looks at the beats of all nodes, and returns those that are silent. */
    List<Silent> look(Map<String, StoreReply.NodeBeat> beats, long now) {
        boolean isSure = lastLook != Long.MIN_VALUE && now - lastLook < GAP.toNanos();
        lastLook = now;
        Map<String, Seen> current = new HashMap<>();
        List<Silent> silent = new ArrayList<>();
        beats.forEach((incarnation, beat) -> {
            Seen before = nodes.get(incarnation);
            Seen seen = isSure && before != null && before.beat().equals(beat) ? before : new Seen(beat, now);
            current.put(incarnation, seen);
            if (now - seen.since() > SILENCE.toNanos()) {
                silent.add(new Silent(incarnation, beat));
            }
        });
        nodes = current;
        return silent;
    }
}
