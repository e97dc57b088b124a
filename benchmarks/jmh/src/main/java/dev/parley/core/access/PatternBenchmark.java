// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.config.Action;
import dev.parley.core.port.PeerIdentity;
import dev.parley.microbench.Measured;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A channel's name against one pattern of each kind, and what is asked of a grant before each message. */
public class PatternBenchmark extends Measured {

    private static final String CHANNEL = "room-4711";

    @Param({CHANNEL, "room-*", "**"})
    public String pattern = "";

    private final ChannelPattern narrower = ChannelPattern.of("room-4*");
    private ChannelPattern compiled = narrower;
    private Grant grant = grant(compiled);

    @Setup
    public void compile() {
        compiled = ChannelPattern.of(pattern);
        grant = grant(compiled);
    }

    @Benchmark
    public boolean matches() {
        return compiled.matches(CHANNEL);
    }

    @Benchmark
    public boolean covers() {
        return compiled.covers(narrower);
    }

    /** Of a token that claims all its key allows. */
    @Benchmark
    public @Nullable GrantDenial denial() {
        return grant.denial(Action.PUBLISH, CHANNEL);
    }

    private static Grant grant(ChannelPattern allowed) {
        GrantPowers powers =
                new GrantPowers(new ChannelSet(List.of(allowed)), EnumSet.allOf(Action.class), true, false);
        return new Grant(
                new App("demo"),
                new PeerIdentity("alice", null),
                new GrantAuthority("pk_live_demo", powers),
                ClaimedRights.ALL,
                Grant.NEVER,
                null);
    }
}
