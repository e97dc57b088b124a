// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;

/** Removes the keys of a state that nobody uses any more, some at a time. What it leaves behind does no harm. */
final class StateCleaner {

    private static final int KEYS_AT_ONCE = 500;

    private final RedisAsyncCommands<byte[], byte[]> redis;
    private final ScanArgs keys;

    /** @param prefix with which the names of all keys begin; it has no character that means something in patterns */
    StateCleaner(RedisAsyncCommands<byte[], byte[]> redis, String prefix) {
        this.redis = redis;
        this.keys = new ScanArgs().match(prefix + "*").limit(KEYS_AT_ONCE);
    }

    void clean() {
        cleanFrom(ScanCursor.INITIAL);
    }

    private void cleanFrom(ScanCursor cursor) {
        redis.scan(cursor, keys).thenAccept(this::remove);
    }

    private void remove(KeyScanCursor<byte[]> found) {
        List<byte[]> names = found.getKeys();
        if (!names.isEmpty()) {
            redis.unlink(names.toArray(byte[][]::new));
        }
        if (!found.isFinished()) {
            cleanFrom(found);
        }
    }
}
