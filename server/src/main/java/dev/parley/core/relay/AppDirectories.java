// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.AppSettings;
import dev.parley.core.access.App;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.access.FairShares;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.SessionTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The relays of all apps on this node. Safe from any thread. */
public final class AppDirectories implements Coordinator.Receiver {

    private final ConcurrentMap<App, AppDirectory> directories = new ConcurrentHashMap<>();
    private final LongSupplier secondsNow;
    private final Duration window;
    private final Function<ConnectionMemory, SessionTerms> terms;
    private final FairShares heap;
    private final DeliveryTurns submissions;
    private final @Nullable Coordinator coordinator;

    /**
     * Directories without sessions.
     *
     * @param secondsNow the time in seconds since 1970
     * @param window how long changes of a crowded room may wait to be announced together, 0 if not at all
     * @param terms what all sessions of one more app share, made with its memory
     * @param heap for connections, their subscriptions and presence that waits
     */
    public AppDirectories(
            LongSupplier secondsNow, Duration window, Function<ConnectionMemory, SessionTerms> terms, FairShares heap) {
        this(secondsNow, window, terms, heap, DeliveryTurns.ofSubmissions(1), null);
    }

    /**
     * Directories without sessions.
     *
     * @param submissions the turns in which signals for many are submitted to the coordinator
     * @param coordinator decides for this node and others; null if this is the only one
     */
    AppDirectories(
            LongSupplier secondsNow,
            Duration window,
            Function<ConnectionMemory, SessionTerms> terms,
            FairShares heap,
            DeliveryTurns submissions,
            @Nullable Coordinator coordinator) {
        this.secondsNow = secondsNow;
        this.window = window;
        this.terms = terms;
        this.heap = heap;
        this.submissions = submissions;
        this.coordinator = coordinator;
        if (coordinator != null) {
            coordinator.start(this);
        }
    }

    /** Returns the directory of this app. */
    public AppDirectory of(App app) {
        return directories.computeIfAbsent(app, this::make);
    }

    private AppDirectory make(App app) {
        SessionTerms shared = terms.apply(new ConnectionMemory(heap, app));
        Coordinator deciding = coordinator;
        return deciding == null
                ? new AppDirectory(secondsNow, window, shared)
                : new AppDirectory(
                        secondsNow,
                        window,
                        shared,
                        (peers, rooms, usage) -> new ClusterExchange(
                                app.id(), peers, rooms, usage, submissions.ofApp(), shared.deliveries(), deciding));
    }

    @Override
    public void apply(NodeEvent event) {
        if (of(new App(event.app())).exchange() instanceof ClusterExchange exchange) {
            exchange.apply(event);
        }
    }

    @Override
    public long waitingBytes(String app) {
        return of(new App(app)).exchange() instanceof ClusterExchange exchange ? exchange.waitingBytes() : 0;
    }

    @Override
    public void stateLost(int state) {
        for (AppDirectory directory : directories.values()) {
            if (directory.exchange() instanceof ClusterExchange exchange) {
                exchange.stateLost(state);
            }
        }
    }

    @Override
    public List<Coordinator.AppUse> used() {
        List<Coordinator.AppUse> used = new ArrayList<>();
        directories.forEach((app, directory) -> {
            AppUsage usage = directory.usage();
            if (usage.maxMessages() > 0) {
                used.add(new Coordinator.AppUse(app.id(), usage.period().start(), usage.messages()));
            }
        });
        return used;
    }

    @Override
    public void usedElsewhere(List<Coordinator.AppUse> others) {
        others.forEach(use -> of(new App(use.app())).usage().setElsewhere(use.period(), use.messages()));
    }

    /** Sets the limits of these apps. */
    public void reload(List<AppSettings> apps) {
        for (AppSettings settings : apps) {
            of(new App(settings.id())).setLimits(settings.limits());
        }
    }

    /** Each app anyone was of so far, or is configured, and its relay. */
    public void forEach(BiConsumer<App, AppDirectory> action) {
        directories.forEach(action);
    }

    /** Has all sessions check what they may still do. */
    public void reconsider() {
        for (AppDirectory directory : directories.values()) {
            directory.peers().reconsider();
        }
    }
}
