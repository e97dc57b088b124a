// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.config.MinimalSettings;
import dev.parley.config.ServerSettings;
import dev.parley.core.access.App;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.IceServers;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.relay.NodeBudgets;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.MemoryBudget;
import dev.parley.core.session.SessionRegistry;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.wire.SettingsBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Core and its dialects as boot assembles them, without a transport. The clients are {@link Cast}, but if set. */
public final class TestServer {

    private final FrameFactory frames;
    private final ServerSettings settings;
    private final InstantSource clock;
    private final ArrivalThrottle throttle;
    private final CoreServices core;

    /** What a server can be given. */
    public static final class Builder {

        private ServerSettings settings = new SettingsBuilder().build();
        private InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        private ArrivalThrottle throttle = ArrivalThrottle.NONE;
        private MemoryBudget memory = Terms.memory();
        private FairShares heap = Terms.heap();
        private DeliveryTurns deliveries = DeliveryTurns.ofLoops(1);
        private DeliveryTurns submissions = DeliveryTurns.ofSubmissions(1);
        private @Nullable Coordinator coordinator;

        private Builder() {}

        public Builder settings(ServerSettings changed) {
            settings = changed;
            return this;
        }

        public Builder clock(InstantSource changed) {
            clock = changed;
            return this;
        }

        public Builder throttle(ArrivalThrottle changed) {
            throttle = changed;
            return this;
        }

        /** For messages that wait. */
        public Builder memory(MemoryBudget changed) {
            memory = changed;
            return this;
        }

        /** For connections. */
        public Builder heap(FairShares changed) {
            heap = changed;
            return this;
        }

        /** For signals to many. */
        public Builder deliveries(DeliveryTurns changed) {
            deliveries = changed;
            return this;
        }

        /** For signals to many that are submitted to a coordinator. */
        public Builder submissions(DeliveryTurns changed) {
            submissions = changed;
            return this;
        }

        /** Makes it one of several nodes. */
        public Builder coordinator(Coordinator deciding) {
            coordinator = deciding;
            return this;
        }

        public TestServer build(FrameFactory frames) {
            return new TestServer(this, frames);
        }
    }

    private TestServer(Builder builder, FrameFactory frames) {
        this.frames = frames;
        this.settings = builder.settings;
        this.clock = builder.clock;
        this.throttle = builder.throttle;
        this.core = CoreServices.of(
                settings,
                () -> TimeUnit.MILLISECONDS.toSeconds(clock.millis()),
                new OpenResumeTokens(builder.coordinator == null ? "epoch" : builder.coordinator.node()),
                new NodeBudgets(builder.memory, builder.heap, builder.deliveries, builder.submissions),
                ServerObserver.NONE,
                builder.coordinator);
    }

    /** A server with default settings at the beginning of 1970. */
    public static TestServer of(FrameFactory frames) {
        return with().build(frames);
    }

    public static Builder with() {
        return new Builder();
    }

    public V1Dialect v1() {
        return v1(new Cast());
    }

    public V1Dialect v1(Authenticator authenticator) {
        return new V1Dialect(core, frames, authenticator, throttle, IceServers.NONE, clock, settings);
    }

    public MinimalDialect minimal() {
        return new MinimalDialect(core, frames, throttle, MinimalSettings.open());
    }

    public SessionRegistry sessions() {
        return core.sessions();
    }

    /** The peers and rooms of an app. */
    public AppDirectory app(String id) {
        return core.directories().of(new App(id));
    }
}
