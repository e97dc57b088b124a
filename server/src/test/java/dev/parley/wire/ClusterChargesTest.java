// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import dev.parley.rawclient.RawClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A client pays for what it costs other servers and the store, and learns what became of its signals there. */
@DisabledIfSystemProperty(named = "skip.redis", matches = "|true")
class ClusterChargesTest {

    private static final String PAUSED = "parley_paused_total{limit=\"peer\"}";
    private static final int RECEIVE_BYTES = 4096;

    @TempDir
    private Path folder;

    private TwoServers servers;
    private final List<Talker> talkers = new ArrayList<>();

    @BeforeEach
    void start() {
        servers = TwoServers.start(folder, new AppLimits(0, AppLimits.PATTERNS, List.of(), 0));
    }

    @AfterEach
    void stop() {
        talkers.forEach(Talker::close);
        servers.close();
    }

    /** Thirty messages, of which each costs as much as some fifty: more than the thousand that a peer has at once. */
    @Test
    void aClientPaysForComparisonsWithThePatternsOfTheOtherServer() {
        Talker subscriber = talker(servers.second());
        for (int i = 0; i < 99; i++) {
            subscriber.subscribe("**" + "a*".repeat(110) + i);
        }
        Talker publisher = talker(servers.first());
        publisher.publish("a"); // the answer says what comparisons cost
        for (int i = 0; i < 30; i++) {
            publisher.publish("a".repeat(240) + i);
        }

        assertThat(pauses(servers.first())).isPositive();
    }

    /** A hundred entries cost as much as ten messages. */
    @Test
    void aClientPaysForRostersThatAreFetchedForIt() {
        for (int i = 0; i < 100; i++) {
            assertThat(talker(servers.second()).ask(subscribe("room"))).contains("\"ack\"");
        }
        Talker hopper = talker(servers.first());
        for (int i = 0; i < 110; i++) {
            assertThat(hopper.ask(subscribe("room"))).contains("\"ack\"");
            assertThat(hopper.ask("{\"type\":\"unsubscribe\",\"requestId\":\"u\",\"channel\":\"room\"}"))
                    .contains("\"ack\"");
        }

        assertThat(pauses(servers.first())).isPositive();
    }

    @Test
    void aSenderIsToldThatAReceiverOnTheOtherServerIsBusy() {
        String large = "x".repeat(60_000);
        try (RawClient slow =
                RawClient.tcp(servers.second().port(), RECEIVE_BYTES).upgrade("/v1?key=pk")) {
            String welcome = slow.read();
            String id = welcome.replaceAll(".*\"peerId\":\"([^\"]*)\".*", "$1");
            Talker sender = talker(servers.first());
            for (int i = 0; i < 80; i++) {
                sender.say("{\"type\":\"send\",\"requestId\":\"r\",\"to\":\"" + id + "\",\"data\":\"" + large + "\"}");
            }
            String frame = sender.receive();
            while (frame.contains("\"ack\"")) {
                frame = sender.receive();
            }

            assertThat(frame).contains("\"error\"", "\"receiver_busy\"").doesNotContain("requestId");
        }
    }

    private Talker talker(TestServer server) {
        Talker talker = new Talker(server, "key=pk");
        talkers.add(talker);
        return talker;
    }

    private static String subscribe(String channel) {
        return "{\"type\":\"subscribe\",\"requestId\":\"s\",\"channel\":\"" + channel + "\"}";
    }

    private static long pauses(TestServer server) {
        return Operator.get(server.adminPort(), "/metrics")
                .lines()
                .filter(line -> line.startsWith(PAUSED))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(PAUSED.length() + 1)))
                .sum();
    }
}
