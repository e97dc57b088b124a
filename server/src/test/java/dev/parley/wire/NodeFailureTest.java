// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RedisServer;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two servers as processes, of which one dies or stands still. */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class NodeFailureTest {

    private static final String SUBSCRIBE = "{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"room\"}";

    @TempDir
    private Path folder;

    private RedisServer redis;
    private final List<ServerProcess> nodes = new ArrayList<>();
    private Talker alice;
    private Talker bob;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        redis = RedisServer.start(folder);
        nodes.add(node("first"));
        nodes.add(node("second"));
        alice = talker(0);
        bob = talker(1);
        alice.subscribe("room");
        assertThat(bob.ask(SUBSCRIBE)).contains("\"ack\"");
        assertThat(bob.receive()).contains("\"presence\"", alice.id());
        assertThat(alice.receive()).contains("\"presence\"", bob.id());
    }

    private ServerProcess node(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), """
                apps:
                  - id: a
                    publishableKeys:
                      - {id: pk, channels: ["**"], actions: [subscribe, publish, presence, send]}
                cluster: {redis: "%s", node: %s}
                """.formatted(redis.uri(), name));
        ServerProcess node = Built.serve("--config", file.toString());
        while (!Operator.isReady(node.adminPort())) {
            Thread.onSpinWait();
        }
        return node;
    }

    private Talker talker(int node) {
        return new Talker(nodes.get(node).port(), "key=pk");
    }

    @AfterEach
    void stop() {
        alice.close();
        bob.close();
        nodes.forEach(ServerProcess::close);
        redis.close();
    }

    @Test
    void thePeersOfANodeThatIsKilledLeaveAndTheOthersGoOn() throws IOException, InterruptedException {
        signal("KILL");

        assertThat(bob.receive()).contains("\"presence\"", "left", alice.id());
        assertThat(bob.publish("room")).contains("\"ack\"");
        bob.isThere();
    }

    @Test
    void aNodeThatStandsStillForAMomentIsNotGone() throws IOException, InterruptedException {
        signal("STOP");
        assertThat(bob.isQuietFor(Duration.ofSeconds(2))).isTrue();
        signal("CONT");

        assertThat(bob.publish("room")).contains("\"ack\"");
        assertThat(alice.receive()).contains("\"message\"", bob.id());
    }

    @Test
    void aNodeThatStandsStillForLongerThanItsLeaseIsGoneAndComesBackWithItsPeers()
            throws IOException, InterruptedException {
        signal("STOP");
        assertThat(bob.receive()).contains("\"presence\"", "left", alice.id());
        signal("CONT");
        assertThat(bob.receive()).contains("\"presence\"", "joined", alice.id());

        assertThat(bob.publish("room")).contains("\"ack\"");
        assertThat(alice.receive()).contains("\"message\"", bob.id());
    }

    /** Sends it to the first node. */
    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(nodes.getFirst().pid()))
                .start()
                .waitFor();
    }
}
