// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.config.ServerSettings;
import dev.parley.core.access.MessageBudgets;
import dev.parley.core.port.Coordinator;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.session.SessionRegistry;
import dev.parley.core.session.SessionTerms;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of core, which all dialects share. Safe from any thread.
 *
 * @param directories the peers and rooms of all apps
 * @param sessions the sessions that outlive their sockets
 * @param budgets what clients may send
 * @param observer receives what operators count and log
 */
public record CoreServices(
        AppDirectories directories, SessionRegistry sessions, MessageBudgets budgets, ServerObserver observer) {

    /**
     * Returns the state of a server without clients.
     *
     * @param secondsNow the time in seconds since 1970
     * @param tokens seals and opens resume tokens
     * @param budgets what the apps share
     * @param coordinator decides for this node and others; null if it is the only one
     */
    public static CoreServices of(
            ServerSettings settings,
            LongSupplier secondsNow,
            ResumeTokens tokens,
            NodeBudgets budgets,
            ServerObserver observer,
            @Nullable Coordinator coordinator) {
        int queueBytes = settings.limits().connection().outboundBytes();
        return new CoreServices(
                new AppDirectories(
                        secondsNow,
                        settings.services().presence().coalesce(),
                        connections -> new SessionTerms(
                                queueBytes,
                                budgets.memory().share(),
                                connections,
                                budgets.deliveries().ofApp(),
                                observer),
                        budgets.heap(),
                        budgets.submissions(),
                        coordinator),
                new SessionRegistry(settings.services().continuity(), tokens, observer),
                new MessageBudgets(settings.limits(), observer),
                observer);
    }
}
