// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.DrainSettings;
import dev.parley.rawclient.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What clients of two servers notice while their Redis fails: no connection closes, and everything comes back. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits, and its bounds are of seconds
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class StoreFailureTest {

    /** Within 5 s of its return everything is there again; the rest is for a busy machine. */
    private static final Duration RETURN = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private RedisServer redis;
    private final List<TestServer> nodes = new ArrayList<>();
    private Talker alice;
    private Talker bob;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder);
        for (String name : List.of("first", "second")) {
            nodes.add(TestServer.start(new SettingsBuilder()
                            .cluster(redis.uri(), name)
                            .drain(new DrainSettings(Duration.ZERO, Duration.ofSeconds(2)))
                            .build())
                    .awaitReady());
        }
        alice = new Talker(nodes.getFirst(), "key=pk_live_demo");
        bob = new Talker(nodes.getLast(), "key=pk_live_demo");
        alice.subscribe("room");
        assertThat(bob.ask("{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"room\"}"))
                .contains("\"ack\"");
        assertThat(bob.receive()).contains("\"presence\"", alice.id());
        assertThat(alice.receive()).contains("\"presence\"", bob.id());
    }

    @AfterEach
    void stop() {
        alice.close();
        bob.close();
        nodes.forEach(TestServer::close);
        redis.close();
    }

    @Test
    void whileItIsAwayASignalIsUnavailableAndThenEverythingIsThereAgain() {
        redis.close();
        assertThat(alice.publish("room")).contains("\"unavailable\"");
        redis = redis.restart(folder);

        publishesAgain();
    }

    @Test
    void whenItWasRestartedNobodyNotices() {
        redis = redis.restart(folder);

        publishesAgain();
    }

    @Test
    void whenItWasEmptiedNobodyNotices() {
        assertThat(redis.command("FLUSHALL")).isEqualTo("+OK");

        publishesAgain();
    }

    @Test
    void aFullStoreRefusesSignalsByNameAndTakesThemWhenItHasRoom() {
        assertThat(redis.command("CONFIG SET maxmemory 1")).isEqualTo("+OK");
        assertThat(alice.publish("room")).contains("\"unavailable\"");
        assertThat(redis.command("CONFIG SET maxmemory 0")).isEqualTo("+OK");

        publishesAgain();
    }

    @Test
    void valuesThatSomebodyElsePutThereAreReplaced() {
        String key = "parley";
        assertThat(redis.command("SET " + key + " garbage")).isEqualTo("+OK");

        publishesAgain();
    }

    /** Each sees the other all the time, and a newcomer sees both. */
    private void publishesAgain() {
        long end = System.nanoTime() + RETURN.toNanos();
        String answer = alice.publish("room");
        while (!answer.contains("\"ack\"") && System.nanoTime() < end) {
            answer = alice.publish("room");
        }
        assertThat(answer).contains("\"ack\"");
        assertThat(bob.receive()).as("whom bob saw all the time").contains("\"message\"", alice.id());
        alice.isThere();
        try (Talker newcomer = new Talker(nodes.getLast(), "key=pk_live_demo")) {
            assertThat(newcomer.ask("{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"room\"}"))
                    .contains("\"ack\"");
            assertThat(newcomer.receive()).contains("\"presence\"", alice.id(), bob.id());
        }
    }
}
