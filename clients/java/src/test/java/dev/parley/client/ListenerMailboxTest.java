// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ListenerMailboxTest {

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final ListenerMailbox mailbox = new ListenerMailbox(threads::add);
    private final List<String> told = new ArrayList<>();

    @Test
    void itTakesOneThreadForAllThatWaitsAndNoneForNothing() {
        mailbox.add(() -> told.add("a"));
        mailbox.add(() -> {
            mailbox.add(() -> told.add("c"));
            told.add("b");
        });
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(told).containsExactly("a", "b", "c");
        assertThat(threads).isEmpty();
        mailbox.add(() -> told.add("d"));
        assertThat(threads).hasSize(1);
    }

    @Test
    void whatAListenerThrowsGoesToItsThreadAndTheNextIsTold() throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        mailbox.add(() -> {
            throw new IllegalStateException("a bot's mistake");
        });
        mailbox.add(() -> told.add("next"));
        Thread thread = Thread.ofPlatform()
                .uncaughtExceptionHandler((where, failure) -> thrown.add(failure))
                .start(threads.remove());
        thread.join();
        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(told).containsExactly("next");
    }
}
