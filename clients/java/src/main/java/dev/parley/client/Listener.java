// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** The application's ear. */
@FunctionalInterface
public interface Listener {

    /**
     * Something happened. Called on one thread at a time, though not always the same, in the order in which it
     * happened; futures of requests complete in between, on the same thread. So a listener may take its time, but must
     * not wait for such a future: it would complete only after the listener has returned. What comes meanwhile waits in
     * memory, without a bound. What a listener throws goes to the thread's handler of uncaught exceptions, and the
     * client goes on.
     */
    void on(ParleyClient client, Event event);
}
