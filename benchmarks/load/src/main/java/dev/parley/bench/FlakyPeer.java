// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.client.Event;
import dev.parley.client.Listener;
import dev.parley.client.ParleyClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One of two that number what they say to each other, and notice what is missing. Hears on one thread at a time; {@link
 * #say} is for one thread.
 */
final class FlakyPeer implements Listener {

    private final FlakyCounts counts;
    private final CompletableFuture<String> id = new CompletableFuture<>();
    private final AtomicLong heard = new AtomicLong();
    private final String padding;
    private long said;

    /** @param padding what stands behind number and time in the data */
    FlakyPeer(FlakyCounts counts, String padding) {
        this.counts = counts;
        this.padding = padding;
    }

    /** By which the other addresses it, once it is known. */
    CompletableFuture<String> id() {
        return id;
    }

    /** The number of the last it heard of the other. */
    long received() {
        return heard.get();
    }

    long said() {
        return said;
    }

    /** Sends the next signal to the other peer. */
    void say(ParleyClient client, String other) {
        said++;
        client.send(other, "[" + said + "," + System.nanoTime() + ",\"" + padding + "\"]")
                .whenComplete((number, failure) -> {
                    if (failure != null) {
                        counts.failed(String.valueOf(failure.getMessage()));
                    }
                });
    }

    @Override
    public void on(ParleyClient client, Event event) {
        switch (event) {
            case Event.Direct direct -> handle(direct.data());
            case Event.Welcomed welcome -> welcomed(welcome);
            case Event.Undelivered lost -> counts.failed("undelivered: " + lost.reason());
            case Event.ServerError error -> counts.failed(error.code());
            case Event.Closed closed -> counts.closed(closed.code());
            default -> {}
        }
    }

    private void welcomed(Event.Welcomed welcome) {
        if (welcome.resumed()) {
            counts.resumed();
        } else if (!id.complete(welcome.peerId())) {
            counts.failed("a session was not resumed: " + welcome.reason());
        }
    }

    private void handle(String data) {
        String[] parts = data.split(",", 3);
        long number = Long.parseLong(parts[0].substring(1));
        long expected = heard.get() + 1;
        if (number == expected) {
            heard.set(number);
            counts.arrived(Long.parseLong(parts[1]));
        } else if (number < expected) {
            counts.twice();
        } else {
            counts.missing(number - expected);
            heard.set(number);
        }
    }
}
