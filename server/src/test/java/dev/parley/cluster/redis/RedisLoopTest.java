// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of what is posted and deferred. */
class RedisLoopTest {

    private final RedisLoop loop = new RedisLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void whatWasPostedMeanwhileRunsBeforeWhatIsDeferred() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        loop.post(() -> {
            loop.defer(() -> {
                done.add("deferred");
                end.complete(null);
            });
            loop.post(() -> done.add("posted"));
        });
        end.get(10, TimeUnit.SECONDS);
        assertThat(done).containsExactly("posted", "deferred");
    }
}
