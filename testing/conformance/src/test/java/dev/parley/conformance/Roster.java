// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;

/** What a client knows of a channel, as an SDK keeps it: the first presence frame, and what has changed since. */
final class Roster {

    private final Set<String> peers;

    /** The first presence frame is the full roster; what it does not name is not there. */
    Roster(Presence first) {
        assertThat(first.left()).as("who left, in a first presence frame").isEmpty();
        peers = new TreeSet<>(first.joined());
        assertThat(peers).as("a roster").hasSameSizeAs(first.joined());
    }

    /** Fails if somebody comes who is there, or goes who is not. */
    Roster apply(Presence change) {
        for (String peer : change.joined()) {
            assertThat(peers.add(peer)).as("%s joined and was not there", peer).isTrue();
        }
        for (String peer : change.left()) {
            assertThat(peers.remove(peer)).as("%s left and was there", peer).isTrue();
        }
        return this;
    }

    Set<String> peers() {
        return peers;
    }
}
