// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.BackEnds;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All operations. What they take and answer stands in openapi.json. */
final class ApiEndpoints {

    private final List<ApiEndpoint> all;

    /**
     * An endpoint, and what a path names there.
     *
     * @param name as sent, empty if the endpoint takes none
     */
    record Found(ApiEndpoint endpoint, String name) {}

    ApiEndpoints(BackEnds backEnds, InstantSource clock) {
        RememberedReplies replies = new RememberedReplies(clock);
        PageCursors cursors = new PageCursors();
        all = List.of(
                new ApiEndpoint("POST", "/v1/tokens", new MintTokenOperation(backEnds, clock)),
                new ApiEndpoint("GET", "/v1/channels", new ChannelList(cursors)),
                new ApiEndpoint("GET", "/v1/channels/{channel}/peers", new RosterReport(cursors)),
                new ApiEndpoint("POST", "/v1/channels/{channel}/publish", new PublishOperation(replies, clock)),
                new ApiEndpoint("GET", "/v1/peers", new PeerList(cursors)),
                new ApiEndpoint("DELETE", "/v1/peers/{peerId}", new KickOperation()),
                new ApiEndpoint("POST", "/v1/peers/{peerId}/send", new SendOperation(replies, clock)),
                new ApiEndpoint("GET", "/v1/usage", new UsageReport()));
    }

    List<ApiEndpoint> all() {
        return all;
    }

    /** Where a request of this method and path belongs, or null. */
    @Nullable
    Found find(String method, String path) {
        for (ApiEndpoint endpoint : all) {
            String name = endpoint.method().equals(method) ? endpoint.nameIn(path) : null;
            if (name != null) {
                return new Found(endpoint, name);
            }
        }
        return null;
    }
}
