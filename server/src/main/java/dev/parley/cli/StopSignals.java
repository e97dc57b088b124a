// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.HeldSignal;
import dev.parley.boot.LogSetup;
import dev.parley.boot.ProcessSignals;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT, by which the process is stopped: the first asks the server to stop, the second ends the process
 * at once. Signals belong to the process, so this does too.
 */
public final class StopSignals {

    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);
    private static final CountDownLatch received = new CountDownLatch(1);

    private StopSignals() {}

    /**
     * Handles them from now on. Call first: until then the JVM ends the process by itself, with exit code 143 or 130.
     */
    public static void handle() {
        ProcessSignals.on("TERM", StopSignals::receive);
        ProcessSignals.on("INT", StopSignals::receive);
    }

    /**
     * Handles SIGTERM from now on if the launcher held it until now. Call on the thread that then {@link #await waits}.
     */
    static void release() {
        if (HeldSignal.isHeld()) {
            HeldSignal.release(StopSignals::receive);
        }
    }

    /** Whether the server is to stop. */
    static boolean isReceived() {
        return received.getCount() == 0;
    }

    /** Waits until the server is to stop. */
    static void await() throws InterruptedException {
        received.await();
    }

    /** Ends the process with exit code 0, without waiting for anything. */
    static void end(String line) {
        log.info(line);
        LogSetup.flush();
        Runtime.getRuntime().halt(0);
    }

    /**
     * Ends the process with exit code 0 after this time, should it still be there: without a line, which might block
     * too.
     */
    static void endAfter(Duration patience) {
        Thread.ofPlatform().daemon().name("stop-deadline").start(() -> {
            try {
                Thread.sleep(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // not by us: ends the process at once
            }
            Runtime.getRuntime().halt(0);
        });
    }

    private static void receive() {
        if (isReceived()) {
            end("stopped at once");
        }
        received.countDown();
    }
}
