// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cluster.redis.StoreInspection;
import dev.parley.config.ClusterSettings;
import dev.parley.config.DrainSettings;
import dev.parley.config.SettingException;
import dev.parley.rawclient.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Ways to Redis other than a plain address. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class StoreAccessTest {

    private static final String PRIMARY = "primary";

    @TempDir
    private Path folder;

    @Test
    void twoServersMeetInARedisWithTls() throws Exception {
        TestCertificate certificate = TestCertificate.make("EC");
        try (RedisServer redis = withTls(certificate)) {
            List<X509Certificate> authorities = certificate.settings().chain();
            String address = "rediss://localhost:" + redis.tlsPort();
            try (TestServer first = server(address, authorities);
                    TestServer second = server(address, authorities)) {
                first.awaitReady();
                second.awaitReady();
                meet(first, second);
            }
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedWithTheRemedy() throws Exception {
        try (RedisServer redis = withTls(TestCertificate.make("EC"))) {
            assertRefused("rediss://localhost:" + redis.tlsPort(), "is not trusted: cluster.authorities");
            assertRefused("rediss://127.0.0.1:" + redis.port(), "rediss:// needs TLS there, redis:// none");
        }
    }

    @Test
    void clientsStayWhileASentinelMakesAReplicaThePrimary() throws Exception {
        Path replicaFolder = Files.createDirectory(folder.resolve("replica"));
        Path sentinelFolder = Files.createDirectory(folder.resolve("sentinel"));
        try (RedisServer primary = RedisServer.start(folder);
                RedisServer replica =
                        RedisServer.start(replicaFolder, "--replicaof", "127.0.0.1", Integer.toString(primary.port()));
                RedisServer sentinel = RedisServer.startSentinel(sentinelFolder, primary, PRIMARY)) {
            String address = "redis-sentinel://127.0.0.1:" + sentinel.port() + "/#" + PRIMARY;
            awaitReplica(sentinel, replica);
            try (TestServer first = server(address, List.of());
                    TestServer second = server(address, List.of())) {
                first.awaitReady();
                second.awaitReady();
                try (Talker alice = new Talker(first, "key=pk_live_demo");
                        Talker bob = new Talker(second, "key=pk_live_demo")) {
                    bob.subscribe("room");

                    primary.close();

                    String answer = alice.publish("room");
                    while (!answer.contains("\"ack\"")) {
                        assertThat(answer).contains("\"unavailable\"");
                        answer = alice.publish("room");
                    }
                    assertThat(bob.receive()).contains("\"message\"", alice.id());
                    assertThat(replica.command("ROLE")).isEqualTo("*3");
                }
            }
        }
    }

    private static void meet(TestServer first, TestServer second) {
        try (Talker alice = new Talker(first, "key=pk_live_demo");
                Talker bob = new Talker(second, "key=pk_live_demo")) {
            bob.subscribe("room");
            assertThat(alice.publish("room")).contains("\"ack\"");
            assertThat(bob.receive()).contains("\"message\"", alice.id());
        }
    }

    private static void assertRefused(String address, String reason) {
        assertThatThrownBy(() -> StoreInspection.of(settings(address, List.of())))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(reason);
    }

    /** A Sentinel that does not know the replica yet makes nobody the primary. */
    private static void awaitReplica(RedisServer sentinel, RedisServer replica) {
        assertThat(replica.port()).isPositive();
        while (sentinel.command("SENTINEL REPLICAS " + PRIMARY).equals("*0")) {
            Thread.onSpinWait();
        }
    }

    private RedisServer withTls(TestCertificate certificate) throws IOException {
        return RedisServer.startWithTls(
                folder,
                Files.writeString(folder.resolve("redis.crt"), certificate.certificate()),
                Files.writeString(folder.resolve("redis.key"), certificate.key()));
    }

    private static TestServer server(String address, List<X509Certificate> authorities) {
        return TestServer.start(new SettingsBuilder()
                .cluster(settings(address, authorities))
                .drain(new DrainSettings(Duration.ZERO, Duration.ofSeconds(2)))
                .build());
    }

    private static ClusterSettings settings(String address, List<X509Certificate> authorities) {
        return new ClusterSettings(
                address,
                authorities,
                Optional.empty(),
                Optional.empty(),
                Optional.of("node"),
                ClusterSettings.PREFIX,
                0);
    }
}
