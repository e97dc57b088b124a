// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.ConfigurationReader;
import dev.parley.config.file.ConfigurationSources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdminPortTest {

    @Test
    void aTakenAdminPortStopsAConfiguredServer() throws IOException, SettingException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerSettings settings = settings(taken, Map.of("PARLEY_KEY", "pk_live_mine"));
            assertThatThrownBy(() -> ParleyServer.start(settings))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("admin 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aServerOfAClusterThatCannotStartLeavesNoThread() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = Map.of(
                    "PARLEY_KEY", "pk_live_mine",
                    "PARLEY_CLUSTER_REDIS", "redis://127.0.0.1:" + taken.getLocalPort(),
                    "PARLEY_CLUSTER_NODE", "doomed");
            ServerSettings settings = settings(taken, environment);
            assertThatThrownBy(() -> ParleyServer.start(settings)).isInstanceOf(SettingException.class);
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("cluster doomed")) {
                    assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
                }
            }
        }
    }

    @Test
    void aTakenAdminPortMovesInDevelopmentMode() throws IOException, SettingException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ParleyServer server = ParleyServer.start(settings(taken, Map.of()))) {
            assertThat(server.admin().port()).isNotZero().isNotEqualTo(taken.getLocalPort());
        }
    }

    private static ServerSettings settings(ServerSocket taken, Map<String, String> more) throws SettingException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PARLEY_LISTEN", "127.0.0.1:0");
        environment.put("PARLEY_ADMIN", "127.0.0.1:" + taken.getLocalPort());
        return new ConfigurationReader(new ConfigurationSources(
                        Optional.empty(), environment, Optional.empty(), Optional.empty(), new Secret("development")))
                .read()
                .settings();
    }
}
