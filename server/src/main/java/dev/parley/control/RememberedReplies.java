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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * What was answered to requests with an {@code Idempotency-Key}, so that a request repeated because its answer was lost
 * is answered again and not done again. Safe from any thread.
 */
final class RememberedReplies {

    /** How long an answer is remembered. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    /** How many answers are remembered for an app; of more, the oldest are forgotten. */
    static final int MAX_REPLIES = 10_000;

    private static final String HEADER = "idempotency-key";
    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");

    private final InstantSource clock;
    private final ConcurrentMap<App, OfApp> apps = new ConcurrentHashMap<>();

    /** What is done at most once. */
    @FunctionalInterface
    interface Work {
        HttpReply perform() throws ApiRefusedException;
    }

    /**
     * An answer.
     *
     * @param request a digest of what was asked
     * @param at when it was given
     */
    private record Remembered(String request, HttpReply reply, Instant at) {}

    RememberedReplies(InstantSource clock) {
        this.clock = clock;
    }

    /** Does the work, unless it was done under the key this call brings. What was refused may be tried again. */
    HttpReply once(ApiCall call, Work work) throws ApiRefusedException {
        String key = call.header(HEADER);
        if (key == null) {
            return work.perform();
        }
        if (!KEY.matcher(key).matches()) {
            throw ApiRefusedException.invalid("\"" + HEADER + "\" must be 1 to 255 printable ASCII characters");
        }
        return apps.computeIfAbsent(call.app(), app -> new OfApp()).once(key, digest(call), work);
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

        /** The oldest first. */
        private final SequencedMap<String, Remembered> replies = new LinkedHashMap<>();

        private final ReentrantLock lock = new ReentrantLock();

        /** The lock is held while the work is done, so that of two equal requests at once one does it. */
        HttpReply once(String key, String request, Work work) throws ApiRefusedException {
            lock.lock();
            try {
                Instant now = clock.instant();
                forget(now);
                Remembered known = replies.get(key);
                if (known == null) {
                    HttpReply reply = work.perform();
                    if (replies.size() == MAX_REPLIES) {
                        replies.pollFirstEntry();
                    }
                    replies.put(key, new Remembered(request, reply, now));
                    return reply;
                }
                if (!known.request().equals(request)) {
                    throw new ApiRefusedException(JsonReplies.error(
                            422, "idempotency_key_reused", "the key was used for another request; nothing was done"));
                }
                return known.reply();
            } finally {
                lock.unlock();
            }
        }

        private void forget(Instant now) {
            Instant eldest = now.minus(MEMORY);
            while (!replies.isEmpty() && replies.firstEntry().getValue().at().isBefore(eldest)) {
                replies.pollFirstEntry();
            }
        }
    }
}
