// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.core.port.Observer;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator who was turned away and why: a line for each code, at most once a second, so that nobody can fill
 * the log and a flood of one kind hides no other.
 */
final class RefusalLog implements Observer {

    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;

    /** By code: there are only as many as the server knows. */
    private final Map<Integer, Pace> paces = new ConcurrentHashMap<>();

    /** @param nanos a clock that does not go back */
    RefusalLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public void refused(InetAddress client, int code, String reason, Supplier<String> about) {
        Pace pace = paces.computeIfAbsent(code, it -> new Pace(nanos.getAsLong()));
        if (pace.isTold(nanos.getAsLong())) {
            log.warn(
                    "refused {} client={} {}: {} ({} more since the last such line)",
                    code == 0 ? "a socket" : code,
                    client.getHostAddress(),
                    about.get(),
                    reason,
                    pace.untold.getAndSet(0));
        }
    }

    /** How often one kind of line comes. */
    private static final class Pace {

        final AtomicInteger untold = new AtomicInteger();
        private final AtomicLong quietUntil;

        Pace(long now) {
            quietUntil = new AtomicLong(now);
        }

        /** Whether it is time for a line again; if not, one more is untold. */
        boolean isTold(long now) {
            long until = quietUntil.get();
            if (now - until < 0 || !quietUntil.compareAndSet(until, now + PAUSE_NANOS)) {
                untold.incrementAndGet();
                return false;
            }
            return true;
        }
    }
}
