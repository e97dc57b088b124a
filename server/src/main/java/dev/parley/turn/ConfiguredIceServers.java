// SPDX-License-Identifier: Apache-2.0
package dev.parley.turn;

import dev.parley.config.IceServer;
import dev.parley.core.port.IceServers;
import dev.parley.json.JsonBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers that are configured, in their order. */
public final class ConfiguredIceServers implements IceServers {

    /** The longest life of a credential. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final int USUAL_BYTES = 512;

    private final InstantSource clock;
    private volatile List<IceServer> servers = List.of();

    /** Hands out no servers until {@link #reload}. */
    public ConfiguredIceServers(InstantSource clock) {
        this.clock = clock;
    }

    /** Sets which servers are handed out. */
    public void reload(List<IceServer> configured) {
        servers = List.copyOf(configured);
    }

    @Override
    public @Nullable Offer offer(boolean hasTurn, long until) {
        List<IceServer> offered = servers.stream()
                .filter(server -> hasTurn || !server.isForSome())
                .toList();
        if (offered.isEmpty()) {
            return null;
        }
        long now = clock.instant().getEpochSecond();
        long expiresAt = Long.MAX_VALUE;
        JsonBuilder text = new JsonBuilder(USUAL_BYTES);
        String separator = "[";
        for (IceServer server : offered) {
            urls(text.raw(separator).raw("{\"urls\":"), server.urls());
            switch (server.access()) {
                case IceServer.Open open -> {}
                case IceServer.Fixed fixed ->
                    credential(text, fixed.username(), fixed.credential().value());
                case IceServer.TimeLimited limited -> {
                    long end = Math.min(Math.max(now + limited.ttl().toSeconds(), until), now + LONGEST.toSeconds());
                    TurnCredential made = TurnCredential.of(limited.secret(), end);
                    credential(text, made.username(), made.password());
                    expiresAt = Math.min(expiresAt, end);
                }
            }
            text.raw("}");
            separator = ",";
        }
        return new Offer(text.raw("]").toString(), expiresAt);
    }

    private static void urls(JsonBuilder text, List<String> urls) {
        String separator = "[";
        for (String url : urls) {
            text.raw(separator).string(url);
            separator = ",";
        }
        text.raw("]");
    }

    private static void credential(JsonBuilder text, String username, String credential) {
        text.raw(",\"username\":").string(username).raw(",\"credential\":").string(credential);
    }
}
