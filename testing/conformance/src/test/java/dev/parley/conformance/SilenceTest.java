// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** v1: a client that falls silent. Takes half a minute, so it runs beside the others. */
@ExtendWith(ServerUnderTest.class)
@Execution(ExecutionMode.CONCURRENT)
@Tag("once") // it takes its time, and continuity makes no difference to it
class SilenceTest {

    private final Server server;

    SilenceTest(Server server) {
        this.server = server;
    }

    // case 24
    @Test
    void whoAnswersNoPingHasLeftWithin36SecondsAndWhoDoesStays() {
        String channel = Server.freshName();
        try (Client b = server.connect();
                Client a = server.connect()) {
            b.join(channel);
            assertThat(a.join(channel)).isEqualTo(Presence.joined(b));
            assertThat(b.hearPresence(channel)).isEqualTo(Presence.joined(a));
            long silent = System.nanoTime(); // from here on a reads nothing and answers nothing

            Presence news = hearPatiently(b, channel, silent);
            assertThat(news).isEqualTo(Presence.left(a));
            assertThat(Duration.ofNanos(System.nanoTime() - silent)).isLessThanOrEqualTo(Duration.ofSeconds(36));
            assertThat(a.raw().read()).startsWith("ping");
            b.hearsNothing();
        }
    }

    /** Reads last no longer than {@link RawClient#PATIENCE}; a ping of the client's own ends each before that. */
    private static Presence hearPatiently(Client b, String channel, long since) {
        JsonNode frame = Json.parse("{\"type\":\"pong\"}");
        while (frame.path("type").asString().equals("pong")
                && System.nanoTime() - since < Duration.ofSeconds(40).toNanos()) {
            if (b.raw().isQuietFor(Duration.ofSeconds(5))) {
                b.say("{\"type\":\"ping\"}");
            }
            frame = b.hear();
        }
        return Presence.of(frame, channel);
    }
}
