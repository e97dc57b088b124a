// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Tells the application of events and of what became of its requests, in the order of the calls. Safe from any thread.
 */
final class ListenerCalls {

    private final ListenerMailbox mailbox;
    private final Consumer<Event> listener;
    private final ChannelRosters rosters = new ChannelRosters();
    private final CompletableFuture<Event.Closed> closed = new CompletableFuture<>();

    ListenerCalls(ListenerMailbox mailbox, Consumer<Event> listener) {
        this.mailbox = mailbox;
        this.listener = listener;
    }

    void tell(Event event) {
        mailbox.add(() -> {
            rosters.apply(event);
            listener.accept(event);
        });
    }

    /** Removes the listener of a channel that was left. */
    void leave(String channel) {
        mailbox.add(() -> rosters.remove(channel));
    }

    /** Returns the rosters as of the last event that the listener received. */
    ChannelRosters rosters() {
        return rosters;
    }

    void tellLast(Event.Closed event) {
        tell(event);
        mailbox.add(() -> closed.complete(event));
    }

    void succeed(CompletableFuture<Long> answer, long number) {
        mailbox.add(() -> answer.complete(number));
    }

    void fail(CompletableFuture<Long> answer, Exception why) {
        mailbox.add(() -> answer.completeExceptionally(why));
    }

    /** Completes after the listener got the last event. */
    CompletableFuture<Event.Closed> closed() {
        return closed.copy();
    }
}
