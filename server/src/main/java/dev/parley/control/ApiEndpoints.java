// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.BackEnds;
import dev.parley.core.port.SharedReplies;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
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

    /**
     * All endpoints.
     *
     * @param shared what servers remember together of requests that must not be done twice
     * @param forBackEnds returns what answers requests of back ends for an operation
     * @param iceServers answers those for ICE servers, which clients may send too
     */
    ApiEndpoints(
            BackEnds backEnds,
            InstantSource clock,
            SharedReplies shared,
            PageCursors cursors,
            Function<ApiOperation, ApiResponder> forBackEnds,
            ApiResponder iceServers) {
        RememberedReplies replies = new RememberedReplies(clock, shared);
        ApiResponder mint = forBackEnds.apply(new MintTokenOperation(backEnds, clock));
        ApiResponder channels = forBackEnds.apply(new ChannelList(cursors));
        ApiResponder roster = forBackEnds.apply(new RosterReport(cursors));
        ApiResponder publish = forBackEnds.apply(new PublishOperation(replies, clock));
        ApiResponder peers = forBackEnds.apply(new PeerList(cursors));
        ApiResponder kick = forBackEnds.apply(new KickOperation());
        ApiResponder send = forBackEnds.apply(new SendOperation(replies, clock));
        ApiResponder usage = forBackEnds.apply(new UsageReport());
        all = List.of(
                new ApiEndpoint("POST", "/v1/tokens", mint),
                new ApiEndpoint("GET", "/v1/channels", channels),
                new ApiEndpoint("GET", "/v1/channels/{channel}/peers", roster),
                new ApiEndpoint("POST", "/v1/channels/{channel}/publish", publish),
                new ApiEndpoint("GET", "/v1/peers", peers),
                new ApiEndpoint("DELETE", "/v1/peers/{peerId}", kick),
                new ApiEndpoint("POST", "/v1/peers/{peerId}/send", send),
                new ApiEndpoint("GET", "/v1/usage", usage),
                new ApiEndpoint("GET", "/v1/ice-servers", iceServers));
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
