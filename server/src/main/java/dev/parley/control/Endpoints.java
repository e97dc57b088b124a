// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.BackEnds;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All operations. What they take and answer stands in openapi.json. */
final class Endpoints {

    private final List<Endpoint> all;

    /**
     * An endpoint, and what a path names there.
     *
     * @param name as sent, empty if the endpoint takes none
     */
    record Found(Endpoint endpoint, String name) {}

    Endpoints(BackEnds backEnds, InstantSource clock) {
        RememberedReplies replies = new RememberedReplies(clock);
        Cursors cursors = new Cursors();
        all = List.of(
                new Endpoint("POST", "/v1/tokens", new Minting(backEnds, clock)),
                new Endpoint("GET", "/v1/channels", new ChannelList(cursors)),
                new Endpoint("GET", "/v1/channels/{channel}/peers", new RosterReport(cursors)),
                new Endpoint("POST", "/v1/channels/{channel}/publish", new Publishing(replies, clock)),
                new Endpoint("GET", "/v1/peers", new PeerList(cursors)),
                new Endpoint("DELETE", "/v1/peers/{peerId}", new Kick()),
                new Endpoint("POST", "/v1/peers/{peerId}/send", new Sending(replies, clock)),
                new Endpoint("GET", "/v1/usage", new UsageReport()));
    }

    List<Endpoint> all() {
        return all;
    }

    /** Where a request of this method and path belongs, or null. */
    @Nullable
    Found find(String method, String path) {
        for (Endpoint endpoint : all) {
            String name = endpoint.method().equals(method) ? endpoint.nameIn(path) : null;
            if (name != null) {
                return new Found(endpoint, name);
            }
        }
        return null;
    }
}
