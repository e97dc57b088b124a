// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import dev.parley.config.PresenceSettings;
import dev.parley.simulation.Cast;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client believes of one channel it subscribed to, and what must hold while it learns: the first presence is the
 * roster, in a read of its own behind the acknowledgement; nobody comes who is there; nobody goes who is not.
 */
final class ChannelView {

    final boolean isFirstTime;
    final Set<String> peers = new HashSet<>();
    boolean hasRoster;
    boolean wantsSenderMetadata;
    private final String self;
    private final long acknowledgedAt;
    private final PresenceSettings presence;

    boolean isAcknowledged;

    /** The client has answered a ping sent behind the acknowledgement. */
    boolean isAcknowledgementRead;

    /** At least one roster has to come: one serves all subscriptions acknowledged before it. */
    private boolean isRosterDue;

    ChannelView(String self, boolean isFirstTime, long acknowledgedAt, PresenceSettings presence) {
        this.self = self;
        this.isFirstTime = isFirstTime;
        this.acknowledgedAt = acknowledgedAt;
        this.presence = presence;
    }

    static boolean isPattern(String channel) {
        return channel.endsWith("*");
    }

    /** Whether who subscribed to the one hears the other; the patterns here have their stars at the end. */
    static boolean isHeardBy(String subscribed, String channel) {
        return subscribed.equals(channel)
                || (isPattern(subscribed) && channel.startsWith(subscribed.substring(0, subscribed.indexOf('*'))));
    }

    void rosterIsDue() {
        isRosterDue = true;
    }

    /** Returns who is new. */
    Set<String> read(Map<String, Object> presence, long now) {
        Set<String> joined = ids(presence, "joined");
        Set<String> left = ids(presence, "left");
        check(!joined.contains(self) && !left.contains(self), "told of itself", presence);
        if (!hasRoster) {
            Duration waited = Duration.ofNanos(now - acknowledgedAt);
            check(waited.compareTo(this.presence.delay()) >= 0, "a roster right behind its acknowledgement", presence);
            check(
                    isAcknowledgementRead
                            || this.presence.delay().isZero()
                            || waited.compareTo(this.presence.patience()) >= 0,
                    "a roster before the acknowledgement was read",
                    presence);
            check(left.isEmpty(), "the first presence is no roster", presence);
            hasRoster = true;
            isRosterDue = false;
            peers.addAll(joined);
            return joined;
        }
        if (left.isEmpty() && joined.equals(peers)) {
            isRosterDue = false; // everything told before is in it, and nothing else
            return Set.of();
        }
        int changes = joined.size() + left.size();
        boolean isChange = this.presence.coalesce().isZero() ? changes == 1 : changes > 0;
        check(isChange, "neither a roster that was due nor a change", presence);
        check(Collections.disjoint(joined, left), "came and went at once", presence);
        check(Collections.disjoint(peers, joined), "came who was there", presence);
        check(peers.containsAll(left), "went who was not there", presence);
        peers.addAll(joined);
        peers.removeAll(left);
        return joined;
    }

    void rest(Set<String> truth) {
        check(!isRosterDue, "a roster never came", Map.of());
        check(peers.equals(truth), "sees " + peers + " where there are " + truth, Map.of());
    }

    @SuppressWarnings("unchecked")
    private static Set<String> ids(Map<String, Object> presence, String key) {
        List<Map<String, Object>> entries = (List<Map<String, Object>>) presence.get(key);
        Set<String> ids = new HashSet<>();
        for (Map<String, Object> entry : entries) {
            String id = (String) entry.get("peerId");
            check(ids.add(id), "one peer twice", presence);
            check(
                    Cast.metadata(id) == null || key.equals("left") || entry.containsKey("metadata"),
                    "no metadata",
                    presence);
        }
        return ids;
    }

    private static void check(boolean holds, String complaint, Map<String, Object> presence) {
        if (!holds) {
            throw new AssertionError(complaint + ": " + presence);
        }
    }
}
