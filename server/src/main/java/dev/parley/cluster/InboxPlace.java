// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How far a node has read its inbox. Entries that were read are removed by a call now and then, and not by each. On the
 * node's loop.
 */
final class InboxPlace {

    /** How long entries that were read may stay in the inbox of a node that is busy. */
    private static final Duration STAY = Duration.ofMillis(100);

    /** How many of their bytes may stay. They count against what the inbox may have. */
    private static final long BYTES_STAY = 1 << 20;

    private long through;

    /** Those of the entries that were read and have not been removed, by app. */
    private final Map<String, Long> bytes = new HashMap<>();

    /** How many calls that remove were made. */
    private long removal;

    /** Those that the call removes that is under way. */
    private final Map<String, Long> removed = new HashMap<>();

    private long allBytes;
    private long removedAt;

    /** A call that reads is under way: pages come one after the other. */
    private boolean isReading;

    /**
     * A call that removes was made. Until it is answered it is repeated as it was: the store subtracts the bytes once.
     */
    private boolean isRemoving;

    /** @param now on the loop's clock */
    InboxPlace(long now) {
        this.removedAt = now;
    }

    boolean isReading() {
        return isReading;
    }

    /** Whether a call that decides may read as well: no other one does, and nothing has to be removed. */
    boolean mayReadAlong(long now) {
        return !isReading && !isRemoving && allBytes < BYTES_STAY && now - removedAt < STAY.toNanos();
    }

    /** Begins to read by a call that decides, and returns the place behind which it reads. */
    long readAlong() {
        isReading = true;
        return through;
    }

    /**
     * Begins to read by the call that is returned.
     *
     * @param waiting returns how many bytes of an app were read and not applied: these are not removed yet
     */
    StoreCall.Read read(String incarnation, ToLongFunction<String> waiting) {
        isReading = true;
        if (!isRemoving) {
            isRemoving = true;
            removal++;
            removed.clear();
            bytes.forEach((app, all) -> removed.put(app, Math.max(all - waiting.applyAsLong(app), 0)));
        }
        return new StoreCall.Read(incarnation, through, removal, Map.copyOf(removed));
    }

    /** The call that read was answered. */
    void accept(StoreReply.Page page, long now) {
        isReading = false;
        if (isRemoving) {
            isRemoving = false;
            removedAt = now;
            removed.forEach((app, less) -> bytes.merge(app, -less, InboxPlace::sumOrNone));
            allBytes -= removed.values().stream().mapToLong(it -> it).sum();
        }
        through = page.through();
        page.bytes().forEach((app, more) -> {
            bytes.merge(app, more, Long::sum);
            allBytes += more;
        });
    }

    /** Null removes an app of which nothing is left. */
    private static @Nullable Long sumOrNone(Long before, Long more) {
        return before + more == 0 ? null : before + more;
    }

    /** The call that read got no reply. */
    void giveUp() {
        isReading = false;
    }
}
