// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.rawclient.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SIGHUP to a server process. */
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class HangUpTest {

    private static final String KEYS = """
            apps: [{id: demo, publishableKeys: [{id: pk_stays, channels: ["**"], actions: [send]}]}]
            """;

    @TempDir
    private Path folder;

    @Test
    void itReadsItsConfigurationAgainAndNobodyIsDropped() throws IOException {
        Path file = Files.writeString(folder.resolve("parley.yaml"), KEYS);
        try (ServerProcess server = Built.serve("--config", file.toString());
                RawClient client = RawClient.open(server.port(), "/v1?key=pk_stays")) {
            assertThat(client.read()).contains("welcome");

            server.hangUp();
            server.awaitLine("the configuration was read again: nothing new");

            Files.writeString(file, "apps: nonsense");
            server.hangUp();
            server.awaitLine("the configuration was not read again, the old one stays");

            client.text("{\"type\":\"ping\"}");
            assertThat(client.read()).isEqualTo("text {\"type\":\"pong\"}");
        }
    }
}
