// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.App;
import dev.parley.core.port.HttpReply;
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
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was answered to requests with an {@code Idempotency-Key}, so that a request repeated because its answer was lost
 * is answered again and not done again. Safe from any thread.
 */
final class RememberedReplies {

    /** How long an answer is remembered. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    /** How many answers are remembered for an app; of more, the oldest are forgotten. */
    static final int MAX_REPLIES = 10_000;

    /** Replies of this status and above refuse a request. */
    private static final int FIRST_REFUSAL = 300;

    private static final String HEADER = "idempotency-key";
    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");

    private final InstantSource clock;
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

    RememberedReplies(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Does the work, unless it was done, or is being done, under the key this call brings. What was refused may be
     * tried again.
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
        apps.computeIfAbsent(call.app(), app -> new OfApp()).once(key, digest(call), answer, work);
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

        void once(String key, String request, Consumer<HttpReply> answer, Work work) throws ApiRefusedException {
            Remembered mine = new Remembered(request, clock.instant());
            Remembered known = putIfAbsent(key, mine);
            if (known == null) {
                perform(key, mine, answer, work);
                return;
            }
            if (!known.request.equals(request)) {
                throw new ApiRefusedException(JsonReplies.error(
                        422, "idempotency_key_reused", "the key was used for another request; nothing was done"));
            }
            HttpReply reply = await(known, answer);
            if (reply != null) {
                answer.accept(reply);
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

        private void perform(String key, Remembered mine, Consumer<HttpReply> answer, Work work)
                throws ApiRefusedException {
            try {
                work.perform(reply -> {
                    List<Consumer<HttpReply>> waiting = complete(key, mine, reply);
                    answer.accept(reply);
                    waiting.forEach(other -> other.accept(reply));
                });
            } catch (ApiRefusedException e) {
                complete(key, mine, e.reply()).forEach(other -> other.accept(e.reply()));
                throw e;
            } catch (RuntimeException | Error e) {
                complete(key, mine, JsonReplies.FAILED).forEach(other -> other.accept(JsonReplies.FAILED));
                throw e;
            }
        }

        /** Remembers the reply, unless it is a refusal, and returns those that wait for it. */
        private List<Consumer<HttpReply>> complete(String key, Remembered mine, HttpReply reply) {
            lock.lock();
            try {
                mine.reply = reply;
                if (reply.status() >= FIRST_REFUSAL) {
                    replies.remove(key, mine);
                }
                return List.copyOf(mine.waiting);
            } finally {
                lock.unlock();
            }
        }

        private void forget(Instant now) {
            Instant eldest = now.minus(MEMORY);
            while (!replies.isEmpty() && replies.firstEntry().getValue().at.isBefore(eldest)) {
                replies.pollFirstEntry();
            }
        }
    }
}
