// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.DrainSettings;
import dev.parley.rawclient.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** With {@code cluster.wait} an acknowledgement says that a replica of Redis has what was decided. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class ReplicaTest {

    @TempDir
    private Path folder;

    @Test
    void nothingIsAcknowledgedWhileThereIsNoReplicaAndAllIsWhenItIsBack() throws Exception {
        Path replicas = Files.createDirectory(folder.resolve("replica"));
        try (RedisServer redis = RedisServer.start(folder);
                TestServer server = server(redis, "first", 1)) {
            RedisServer replica = replicaOf(redis, replicas);
            server.awaitReady();
            try (Talker alice = new Talker(server, "key=pk_live_demo")) {
                assertThat(alice.publish("room")).contains("\"ack\"");

                replica.close();
                assertThat(alice.publish("room")).contains("\"error\"", "\"unavailable\"");
                while (Operator.isReady(server.adminPort())) { // until load balancers send clients elsewhere
                    Thread.onSpinWait();
                }

                try (RedisServer another = replicaOf(redis, replicas)) {
                    String answer = alice.publish("room");
                    while (answer.contains("\"unavailable\"")) { // while the replica copies what there is
                        answer = alice.publish("room");
                    }
                    assertThat(answer).contains("\"ack\"");
                    server.awaitReady();
                    assertThat(another.port()).isPositive();
                }
            }
        }
    }

    @Test
    void whatOthersPublishArrivesThoughAnOwnSignalWasNeverAcknowledged() throws Exception {
        Path replicas = Files.createDirectory(folder.resolve("replica"));
        try (RedisServer redis = RedisServer.start(folder);
                TestServer waiting = server(redis, "first", 1);
                TestServer other = server(redis, "second", 0)) {
            RedisServer replica = replicaOf(redis, replicas);
            waiting.awaitReady();
            other.awaitReady();
            try (Talker alice = new Talker(waiting, "key=pk_live_demo");
                    Talker carol = new Talker(other, "key=pk_live_demo")) {
                alice.subscribe("room");
                replica.close();
                assertThat(alice.publish("elsewhere")).contains("\"unavailable\"");

                assertThat(carol.publish("room")).contains("\"ack\"");
                assertThat(alice.receive()).contains("\"message\"", carol.id());
            }
        }
    }

    private static TestServer server(RedisServer redis, String name, int replicas) {
        return TestServer.start(new SettingsBuilder()
                .cluster(redis.uri(), name, replicas)
                .drain(new DrainSettings(Duration.ZERO, Duration.ofSeconds(2)))
                .build());
    }

    private static RedisServer replicaOf(RedisServer redis, Path folder) {
        return RedisServer.start(folder, "--replicaof", "127.0.0.1", Integer.toString(redis.port()));
    }
}
