// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientLockTest {

    @Test
    void whatIsCancelledWhileItWaitsForTheLockDoesNotRun() {
        List<Runnable> due = new ArrayList<>();
        ClientLock exclusive = new ClientLock(new ClientTime() {
            @Override
            public long nanos() {
                return 0;
            }

            @Override
            public Runnable after(Duration delay, Runnable task) {
                due.add(task);
                return () -> {};
            }
        });
        List<String> run = new ArrayList<>();
        exclusive.after(Duration.ZERO, () -> run.add("cancelled")).cancel();
        exclusive.after(Duration.ZERO, () -> run.add("due"));
        due.forEach(Runnable::run);
        assertThat(run).containsExactly("due");
    }
}
