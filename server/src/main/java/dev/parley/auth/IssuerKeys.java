// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.core.port.ServerObserver;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer, fetched when they are first needed. One fetch at a time, and none within {@link #PAUSE} of
 * the last, so that tokens with made-up key ids bring nobody to their knees. Keys that are {@link #OLD} are fetched
 * anew while they still count; when they are {@link #STALE} they count no longer. Safe from any thread.
 */
final class IssuerKeys {

    static final Duration PAUSE = Duration.ofSeconds(10);
    static final Duration OLD = Duration.ofMinutes(5);
    static final Duration STALE = Duration.ofHours(1);

    /** Bytes of tokens that wait for a fetch at once; the client of a further one gets 1013 and may come back. */
    static final int MAX_WAITING_BYTES =
            (int) Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 32);

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

    private final URI url;
    private final Function<URI, CompletableFuture<String>> fetch;
    private final ServerObserver observer;
    private final LongSupplier nanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Waiting> waiting = new ArrayList<>();

    /**
     * Unknown ids: those asked for before the keys were fetched, or known before, that are not among the keys now.
     * Any other may be that of a newer key.
     */
    private final Set<String> missing = new HashSet<>();

    private @Nullable PublicKeys keys;
    private long waitingBytes;
    private long fetchedAt;
    private long triedAt;
    private Trial lastTrial = Trial.NONE;

    /** A token that waits for a fetch. */
    private record Waiting(String keyId, Runnable answer) {}

    private enum Trial {
        NONE,
        RUNNING,
        WELL,
        FAILED
    }

    /** Whether a token is signed by the issuer. */
    enum Finding {
        /** It is. */
        GENUINE,
        /** It is not. */
        FALSE,
        /** The issuer's keys could not be fetched, or a newer key may be among them now. */
        UNKNOWN
    }

    /**
     * None fetched yet.
     *
     * @param url where the keys are
     * @param fetch gets the text there, and fails rather than take long
     * @param observer counts the outcome of each fetch
     * @param nanos a clock that does not go back
     */
    IssuerKeys(URI url, Function<URI, CompletableFuture<String>> fetch, ServerObserver observer, LongSupplier nanos) {
        this.url = url;
        this.fetch = fetch;
        this.observer = observer;
        this.nanos = nanos;
    }

    URI url() {
        return url;
    }

    /** Answers once: before it returns, or when the keys were fetched. */
    void verify(JsonWebToken token, Consumer<Finding> answer) {
        boolean fetches;
        boolean waits;
        lock.lock();
        try {
            PublicKeys current = current();
            boolean isKnown = current != null && current.has(token.keyId());
            fetches = mayFetch() && (!isKnown || isPast(fetchedAt, OLD));
            if (fetches) {
                lastTrial = Trial.RUNNING;
                triedAt = nanos.getAsLong();
            }
            waits = !isKnown && lastTrial == Trial.RUNNING && waitingBytes + token.size() <= MAX_WAITING_BYTES;
            if (waits) {
                waitingBytes += token.size();
                waiting.add(new Waiting(token.keyId(), () -> answer.accept(verify(token))));
            }
        } finally {
            lock.unlock();
        }
        if (fetches) {
            CompletableFuture.completedFuture(url).thenCompose(fetch).whenComplete(this::fetched);
        }
        if (!waits) {
            answer.accept(verify(token));
        }
    }

    private Finding verify(JsonWebToken token) {
        PublicKeys current;
        boolean isMissing;
        lock.lock();
        try {
            current = current();
            isMissing = missing.contains(token.keyId());
        } finally {
            lock.unlock();
        }
        if (current != null && current.has(token.keyId())) {
            return current.isSigned(token) ? Finding.GENUINE : Finding.FALSE;
        }
        return isMissing ? Finding.FALSE : Finding.UNKNOWN;
    }

    private void fetched(@Nullable String text, @Nullable Throwable failure) {
        PublicKeys found = text == null ? null : read(text);
        if (failure != null) {
            log.warn("the keys at {} could not be fetched: {}", url, failure.toString());
        }
        observer.keysFetched(found != null);
        List<Runnable> answers;
        lock.lock();
        try {
            missing.clear();
            if (found != null) {
                if (keys != null) {
                    missing.addAll(keys.ids());
                    missing.removeAll(found.ids());
                }
                keys = found;
                fetchedAt = nanos.getAsLong();
                waiting.stream()
                        .map(Waiting::keyId)
                        .filter(id -> !found.has(id))
                        .forEach(missing::add);
            }
            lastTrial = found == null ? Trial.FAILED : Trial.WELL;
            answers = waiting.stream().map(Waiting::answer).toList();
            waiting.clear();
            waitingBytes = 0;
        } finally {
            lock.unlock();
        }
        answers.forEach(IssuerKeys::run);
    }

    /** One that fails must not keep the others waiting. */
    private static void run(Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException e) {
            log.error("a token could not be answered", e);
        }
    }

    private @Nullable PublicKeys read(String text) {
        try {
            PublicKeys found = PublicKeys.parse(text);
            log.info("{} usable keys at {}", found.ids().size(), url);
            return found;
        } catch (ParseException | RuntimeException e) {
            log.warn("what is at {} is no set of keys", url);
            return null;
        }
    }

    private @Nullable PublicKeys current() {
        return keys == null || isPast(fetchedAt, STALE) ? null : keys;
    }

    private boolean mayFetch() {
        return lastTrial == Trial.NONE || (lastTrial != Trial.RUNNING && isPast(triedAt, PAUSE));
    }

    private boolean isPast(long since, Duration time) {
        return nanos.getAsLong() - since >= time.toNanos();
    }
}
