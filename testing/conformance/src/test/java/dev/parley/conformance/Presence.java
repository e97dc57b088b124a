// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A presence frame: the peer ids of who came and who went, sorted. */
record Presence(List<String> joined, List<String> left) {

    /** The roster of a channel with nobody else in it. */
    static final Presence NOBODY = new Presence(List.of(), List.of());

    /** What the frame of this channel says; fails if a client would drop it. */
    static Presence of(JsonNode frame, String channel) {
        assertThat(frame.path("type").asString()).as("type of %s", frame).isEqualTo("presence");
        assertThat(frame.path("channel").asString()).isEqualTo(channel);
        return new Presence(ids(frame, "joined"), ids(frame, "left"));
    }

    /** A roster, or the news that these have come. */
    static Presence joined(Client... clients) {
        return new Presence(ids(clients), List.of());
    }

    /** The news that these have gone. */
    static Presence left(Client... clients) {
        return new Presence(List.of(), ids(clients));
    }

    private static List<String> ids(Client... clients) {
        return List.of(clients).stream().map(Client::peerId).sorted().toList();
    }

    private static List<String> ids(JsonNode frame, String list) {
        assertThat(frame.path(list).isArray()).as("%s in %s", list, frame).isTrue();
        List<String> ids = new ArrayList<>();
        for (JsonNode entry : frame.path(list)) {
            assertThat(entry.path("peerId").isString())
                    .as("peerId in %s", frame)
                    .isTrue();
            assertThat(!entry.has("metadata") || entry.path("metadata").isObject())
                    .as("metadata in %s", frame)
                    .isTrue();
            ids.add(entry.path("peerId").asString());
        }
        return ids.stream().sorted().toList();
    }
}
