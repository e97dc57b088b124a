// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;
import java.util.function.Consumer;

/**
 * Decides the commands of all nodes, one after the other, and tells this node what concerns it.
 *
 * <ul>
 *   <li>Order: the commands of one requester are decided in the order in which they were submitted. Apps take turns, in
 *       an app client addresses do, and at an address peers, by bytes and however many commands each of them submits.
 *       Events and outcomes come to this node in the order of the decisions; of one command, the event comes before the
 *       outcome.
 *   <li>Once: each command has one outcome, and each event comes once.
 *   <li>Time: a command that is not {@linkplain Command#isKept kept} has an outcome within some seconds, {@link
 *       Outcome.Unavailable} if nothing else is known. One that is kept has its outcome whenever it is decided.
 *   <li>Loss: what was decided may be lost, or this node taken for dead. Then {@link Receiver#stateLost} comes, behind
 *       all that was decided before and ahead of all that is decided later; then the outcomes {@code Unavailable} of
 *       all commands that have none. In the new state this node has no session until it submits it again. A command
 *       names the state in which it was made, and is not decided in another: nothing of a session comes before the
 *       session.
 *   <li>Thread: outcomes and events come on one thread at a time, of the coordinator.
 * </ul>
 */
public interface Coordinator {

    /** Receives what concerns a node. It must not fail, and not block. */
    interface Receiver {

        /** Applies what was decided. */
        void apply(NodeEvent event);

        /**
         * What was decided before is lost: sessions of this node have to be submitted again.
         *
         * @param state the number of the new state
         */
        void stateLost(int state);

        /**
         * Returns how many bytes of the signals of an app it was given, in order, and has not applied. They stay in
         * what other nodes may have waiting for this one.
         */
        default long waitingBytes(String app) {
            return 0;
        }

        /** Returns what the apps with a quota have sent through this node. */
        default List<AppUse> used() {
            return List.of();
        }

        /** Other nodes have sent so many messages, of the apps of {@link #used}. */
        default void usedElsewhere(List<AppUse> others) {}
    }

    /**
     * How many messages an app has sent.
     *
     * @param period the second in which the period began, since 1970
     */
    record AppUse(String app, long period, long messages) {}

    /** Identifies this node among all, as long as it runs. */
    String node();

    /** Sets what receives events. Once, before any command. */
    void start(Receiver receiver);

    /** The loop on which outcomes and events come. */
    Loop loop();

    /** The number of the state now. Safe from any thread. */
    int state();

    /**
     * Submits a command. The payload of a signal is not borrowed: it is kept. Safe from any thread.
     *
     * @param state the state in which the command was made
     * @param requester whose command it is
     * @param outcome is given the outcome once, on the coordinator's thread
     */
    void submit(int state, Requester requester, Command command, Consumer<Outcome> outcome);
}
