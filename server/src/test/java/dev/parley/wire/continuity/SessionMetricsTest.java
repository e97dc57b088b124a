// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import dev.parley.wire.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class SessionMetricsTest {

    @Test
    void sessionsWhatIsKeptForThemAndHowTheyGoOnAreCounted() {
        try (TestServer server = TestServer.start();
                Lasting sender = Lasting.begin(server)) {
            Lasting gone = Lasting.begin(server).drop();
            sender.send(1, gone.peerId(), "1");
            sender.hearsNothing();
            while (!Metrics.scrape(server).contains("parley_sessions_away 1.0")) {
                Thread.onSpinWait();
            }
            assertThat(Metrics.scrape(server))
                    .contains("parley_sessions 2.0")
                    .doesNotContain("parley_outbox_bytes 0.0");

            Lasting back = gone.resume(server);
            back.receive();
            back.receipt();
            back.hearsNothing();
            back.socket().send(RawClient.closeFrame(1000, ""));
            assertThat(back.raw()).startsWith("close 1000");
            assertThat(back.resume(server).reason()).isEqualTo("expired");

            assertThat(Metrics.scrape(server))
                    .contains("parley_sessions_away 0.0")
                    .contains("parley_outbox_bytes 0.0")
                    .contains("parley_resumes_total{outcome=\"resumed\"} 1.0")
                    .contains("parley_resumes_total{outcome=\"expired\"} 1.0");
        }
    }
}
