// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Two clients that exchange 50 numbered messages a second while something else goes on, and miss none. */
final class HealthyPair implements AutoCloseable {

    private static final long PAUSE_NANOS = 20_000_000;
    private static final String LAST = "last";

    private final RawClient sender;
    private final RawClient receiver;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final Thread sending;
    private final Thread receiving;
    private volatile boolean isEnding;
    private volatile String surprise = "";

    HealthyPair(int port, String room) {
        sender = RawClient.open(port, room);
        assertThat(sender.read()).contains("welcome");
        receiver = RawClient.open(port, room);
        assertThat(receiver.read()).contains("welcome");
        assertThat(sender.read()).contains("ready");
        sending = Thread.ofPlatform().start(this::send);
        receiving = Thread.ofPlatform().start(this::receive);
    }

    private void send() {
        while (!isEnding) {
            sender.text(Integer.toString(sent.getAndIncrement()));
            while (sender.hasMore()) {
                sender.answer(sender.read()); // it is told nothing but pings
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        sender.text(LAST);
    }

    private void receive() {
        String frame = receiver.read();
        while (!frame.equals("text " + LAST)) {
            if (frame.startsWith("ping")) {
                receiver.answer(frame);
            } else if (!frame.equals("text " + received.getAndIncrement())) {
                surprise = frame;
                return;
            }
            frame = receiver.read();
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
