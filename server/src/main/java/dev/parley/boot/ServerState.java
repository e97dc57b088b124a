// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.InsecureSetting;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.session.MemoryBudget;
import dev.parley.metrics.ServerGauges;
import java.util.ArrayList;
import java.util.List;

/** What the server is, for whoever measures it. */
final class ServerState implements ServerGauges {

    private final String version;
    private final CoreServices core;
    private final MemoryBudget memory;
    private final ReadinessRoute readiness;
    private volatile List<InsecureSetting> insecurities = List.of();

    ServerState(String version, CoreServices core, MemoryBudget memory, ReadinessRoute readiness) {
        this.version = version;
        this.core = core;
        this.memory = memory;
        this.readiness = readiness;
    }

    /** Sets which insecure settings the server runs with. */
    void setInsecure(List<InsecureSetting> changed) {
        insecurities = changed;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public boolean isReady() {
        return readiness.isReady();
    }

    @Override
    public List<String> insecurities() {
        return insecurities.stream().map(InsecureSetting::word).toList();
    }

    @Override
    public long sessions() {
        return core.sessions().count();
    }

    @Override
    public long sessionsAway() {
        return core.sessions().away();
    }

    @Override
    public long outboxBytes() {
        return memory.used();
    }

    @Override
    public List<AppState> apps() {
        List<AppState> apps = new ArrayList<>();
        core.directories().forEach((app, directory) -> apps.add(state(app.id(), directory)));
        return apps;
    }

    private static AppState state(String id, AppDirectory directory) {
        return new AppState(
                id,
                directory.usage().connections(),
                directory.peers().count(),
                directory.rooms().count(),
                directory.usage().messages());
    }
}
