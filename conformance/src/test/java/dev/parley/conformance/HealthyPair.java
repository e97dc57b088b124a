// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Two clients that exchange 50 numbered messages a second while something else goes on, and miss none. */
final class HealthyPair implements AutoCloseable {

    private static final long PAUSE_NANOS = 20_000_000;
    private static final String LAST = "\"last\"";

    private final String channel = Server.freshName();
    private final Client sender;
    private final Client receiver;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final Thread sending;
    private final Thread receiving;
    private volatile boolean isEnding;
    private volatile String surprise = "";

    HealthyPair(Server server) {
        sender = server.connect();
        receiver = server.connect();
        receiver.join(channel);
        sending = Thread.ofVirtual()
                .uncaughtExceptionHandler((thread, failure) -> surprise = failure.toString())
                .start(this::send);
        receiving = Thread.ofVirtual()
                .uncaughtExceptionHandler((thread, failure) -> surprise = failure.toString())
                .start(this::receive);
    }

    private void send() {
        while (!isEnding) {
            say(Integer.toString(sent.getAndIncrement()));
            sender.answerPings();
            LockSupport.parkNanos(PAUSE_NANOS); // the pace of the client, not a wait for anything
        }
        say(LAST);
    }

    private void say(String data) {
        sender.say("{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":" + data + "}");
    }

    private void receive() {
        String data = receiver.hear().path("data").toString();
        while (!data.equals(LAST)) {
            if (!data.equals(Integer.toString(received.getAndIncrement()))) {
                surprise = data;
                return;
            }
            data = receiver.hear().path("data").toString();
        }
    }

    /** Ends the exchange; fails if a message was lost, doubled, or out of order. */
    @Override
    public void close() throws InterruptedException {
        isEnding = true;
        sending.join();
        receiving.join();
        sender.close();
        receiver.close();
        assertThat(surprise).as("what the receiver did not expect").isEmpty();
        assertThat(received.get()).isPositive().isEqualTo(sent.get());
    }
}
