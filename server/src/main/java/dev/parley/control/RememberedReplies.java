// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.App;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.SharedReplies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was answered to requests with an {@code Idempotency-Key}, so that a request repeated because its answer was lost
 * is answered again and not done again. Safe from any thread.
 */
final class RememberedReplies {

    private static final Logger log = LoggerFactory.getLogger(RememberedReplies.class);

    /** How long an answer is remembered. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    /** How many answers are remembered for an app; of more, the oldest are forgotten. */
    static final int MAX_REPLIES = 10_000;

    /** Replies of this status and above refuse a request. */
    private static final int FIRST_REFUSAL = 300;

    private static final String HEADER = "idempotency-key";
    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");

    private static final HttpReply REUSED = JsonReplies.error(
            422,
            "idempotency_key_reused",
            "this Idempotency-Key was used for another request; nothing was done; use a new one");

    private static final HttpReply IN_USE = JsonReplies.error(
            409,
            "idempotency_key_in_use",
            "another server does this request, or has failed while it did; ask again in a moment",
            Map.of("Retry-After", "1"));

    private final InstantSource clock;
    private final SharedReplies shared;
    private final ConcurrentMap<App, OfApp> apps = new ConcurrentHashMap<>();

    /** What is done at most once. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it.
         *
         * @param answer is given the reply once, on any thread, unless this fails
         */
        void perform(Consumer<HttpReply> answer) throws ApiRefusedException;
    }

    /** What is known of a request. Guarded by the lock of its app, but for the final fields. */
    private static final class Remembered {

        /** A digest of what was asked. */
        private final String request;

        /** When it was asked. */
        private final Instant at;

        /** Null while the work is done. */
        private @Nullable HttpReply reply;

        /** Requests with the same key, which wait for the same reply. */
        private final List<Consumer<HttpReply>> waiting = new ArrayList<>(0);

        Remembered(String request, Instant at) {
            this.request = request;
            this.at = at;
        }
    }

    /** @param shared what other servers remember */
    RememberedReplies(InstantSource clock, SharedReplies shared) {
        this.clock = clock;
        this.shared = shared;
    }

    /**
     * Does the work, unless it was done, or is being done, under the key this call brings, here or by another server.
     * What was refused may be tried again.
     *
     * @param answer is given the reply once, on any thread, unless this fails
     */
    void once(ApiCall call, Consumer<HttpReply> answer, Work work) throws ApiRefusedException {
        String key = call.header(HEADER);
        if (key == null) {
            work.perform(answer);
            return;
        }
        if (!KEY.matcher(key).matches()) {
            throw ApiRefusedException.invalid("\"" + HEADER + "\" must be 1 to 255 printable ASCII characters");
        }
        apps.computeIfAbsent(call.app(), OfApp::new).once(key, digest(call), answer, work);
    }

    private static String digest(ApiCall call) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(call.request().path().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) ' ');
            return HexFormat.of().formatHex(digest.digest(call.bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The answers to one app. */
    private final class OfApp {

        /** By key, the oldest first. */
        private final SequencedMap<String, Remembered> replies = new LinkedHashMap<>();

        private final ReentrantLock lock = new ReentrantLock();
        private final String app;

        OfApp(App app) {
            this.app = app.id();
        }

        void once(String key, String request, Consumer<HttpReply> answer, Work work) {
            Remembered mine = new Remembered(request, clock.instant());
            mine.waiting.add(answer);
            Remembered known = putIfAbsent(key, mine);
            if (known == null) {
                shared.take(app, key, request, taken -> goOn(key, mine, work, taken));
            } else if (!known.request.equals(request)) {
                answer.accept(REUSED);
            } else {
                HttpReply reply = await(known, answer);
                if (reply != null) {
                    answer.accept(reply);
                }
            }
        }

        private void goOn(String key, Remembered mine, Work work, SharedReplies.Taken taken) {
            switch (taken) {
                case SharedReplies.Taken.Free free -> perform(key, mine, work);
                case SharedReplies.Taken.Busy busy ->
                    complete(key, mine, busy.request().equals(mine.request) ? IN_USE : REUSED);
                case SharedReplies.Taken.Done done ->
                    complete(key, mine, done.request().equals(mine.request) ? done.reply() : REUSED);
                case SharedReplies.Taken.Unknown unknown -> complete(key, mine, JsonReplies.INCOMPLETE);
            }
        }

        /** Returns what is known under the key; null if this is remembered now. */
        private @Nullable Remembered putIfAbsent(String key, Remembered added) {
            lock.lock();
            try {
                forget(added.at);
                Remembered known = replies.get(key);
                if (known == null) {
                    if (replies.size() == MAX_REPLIES) {
                        replies.pollFirstEntry();
                    }
                    replies.put(key, added);
                }
                return known;
            } finally {
                lock.unlock();
            }
        }

        /** Returns the reply if there is one; else it is given to the answer once there is. */
        private @Nullable HttpReply await(Remembered known, Consumer<HttpReply> answer) {
            lock.lock();
            try {
                if (known.reply == null) {
                    known.waiting.add(answer);
                }
                return known.reply;
            } finally {
                lock.unlock();
            }
        }

        private void perform(String key, Remembered mine, Work work) {
            try {
                work.perform(reply -> end(key, mine, reply));
            } catch (ApiRefusedException e) {
                end(key, mine, e.reply());
            } catch (RuntimeException | Error e) { // nobody else would answer those who wait
                log.error("a request with an Idempotency-Key failed", e);
                end(key, mine, JsonReplies.FAILED);
            }
        }

        /** The work is done, or refused. */
        private void end(String key, Remembered mine, HttpReply reply) {
            if (reply.status() < FIRST_REFUSAL) {
                shared.keep(app, key, reply);
            } else {
                shared.release(app, key);
            }
            complete(key, mine, reply);
        }

        /** Remembers the reply, unless it is a refusal, and gives it to all who wait for it. */
        private void complete(String key, Remembered mine, HttpReply reply) {
            List<Consumer<HttpReply>> waiting;
            lock.lock();
            try {
                mine.reply = reply;
                if (reply.status() >= FIRST_REFUSAL) {
                    replies.remove(key, mine);
                }
                waiting = List.copyOf(mine.waiting);
            } finally {
                lock.unlock();
            }
            waiting.forEach(answer -> answer.accept(reply));
        }

        private void forget(Instant now) {
            Instant eldest = now.minus(MEMORY);
            while (!replies.isEmpty() && replies.firstEntry().getValue().at.isBefore(eldest)) {
                replies.pollFirstEntry();
            }
        }
    }
}
