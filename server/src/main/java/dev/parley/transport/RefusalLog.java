// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of refused requests and sockets, at most once a second so that nobody can fill the log. Any thread. */
final class RefusalLog {

    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_TEXT = 200;

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private final AtomicInteger untold = new AtomicInteger();

    void refused(Refusal refusal, String target, String host, String origin) {
        if (isTold()) {
            log.warn(
                    "refused {} path={} host={} origin={}: {} ({} more since the last such line)",
                    refusal.status().code(),
                    printable(target),
                    printable(host),
                    printable(origin),
                    refusal.explanation(),
                    untold.getAndSet(0));
        }
    }

    /** A socket was closed before any request. */
    void socketRefused(InetAddress peer, String explanation) {
        if (isTold()) {
            log.warn(
                    "refused a socket from {}: {} ({} more since the last such line)",
                    peer.getHostAddress(),
                    explanation,
                    untold.getAndSet(0));
        }
    }

    /** Whether it is time for a line again; if not, one more is untold. */
    private boolean isTold() {
        long now = System.nanoTime();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + PAUSE_NANOS)) {
            untold.incrementAndGet();
            return false;
        }
        return true;
    }

    /** The path without its query, which may hold a credential, and without anything that could forge a log line. */
    private static String printable(String text) {
        int query = text.indexOf('?');
        String shown = query < 0 ? text : text.substring(0, query);
        return shown.substring(0, Math.min(MAX_TEXT, shown.length())).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
