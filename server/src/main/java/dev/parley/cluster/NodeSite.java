// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Coordinator;
import dev.parley.core.port.Loop;
import dev.parley.core.port.ServerObserver;

/**
 * What stays the same for all incarnations of a node.
 *
 * @param node identifies the node
 * @param loop where all of it runs
 * @param store is called
 * @param observer notices what happens
 * @param receiver gets what is decided
 * @param awaitsReplies whether an outcome waits for the reply to the call that decided it
 */
record NodeSite(
        String node,
        Loop loop,
        StoreCaller store,
        ServerObserver observer,
        Coordinator.Receiver receiver,
        boolean awaitsReplies) {}
