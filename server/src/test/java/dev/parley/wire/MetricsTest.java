// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.MinimalSettings;
import dev.parley.config.PublishableKey;
import dev.parley.rawclient.RawClient;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What operators are shown of what clients do. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class MetricsTest {

    private static final int MANY = 50_000;

    private final TestServer server = TestServer.start(new SettingsBuilder()
            .apps(AppSettings.of(
                    "demo",
                    List.of(
                            new PublishableKey("pk", KeyRights.all(), List.of()),
                            new PublishableKey("pk_page", KeyRights.all(), List.of("https://app.example.com"))),
                    List.of()))
            .minimal(MinimalSettings.open())
            .limits(new LimitsBuilder().failuresPerMinute(0).unpaced().build())
            .build());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void clientsAreCountedWhatTheySayAndHowTheyEnd() {
        try (Talker alice = new Talker(server, "key=pk");
                Talker bob = new Talker(server, "key=pk");
                RawClient minimal = server.open("/minimal/a")) {
            alice.subscribe("stage");
            bob.subscribe("stage");
            assertThat(alice.receive()).contains("joined");
            assertThat(bob.publish("stage")).contains("ack");
            assertThat(alice.receive()).contains("message");
            alice.isThere();
            assertThat(minimal.read()).contains("welcome");

            Map<String, Double> now = scrape();
            assertThat(now)
                    .containsEntry("parley_ready", 1.0)
                    .containsEntry("parley_connections{dialect=\"v1\"}", 2.0)
                    .containsEntry("parley_connections{dialect=\"minimal\"}", 1.0)
                    .containsEntry("parley_messages_received_total{dialect=\"v1\",type=\"subscribe\"}", 2.0)
                    .containsEntry("parley_messages_received_total{dialect=\"v1\",type=\"publish\"}", 1.0)
                    .containsEntry("parley_messages_received_total{dialect=\"v1\",type=\"ping\"}", 1.0)
                    .containsEntry("parley_app_connections{app=\"demo\"}", 2.0)
                    .containsEntry("parley_app_peers{app=\"demo\"}", 2.0)
                    .containsEntry("parley_app_channels{app=\"demo\"}", 1.0)
                    .containsEntry("parley_app_period_messages{app=\"demo\"}", 1.0)
                    .containsEntry("parley_insecure_mode{setting=\"key_of_any_origin\"}", 1.0)
                    .containsEntry("parley_insecure_mode{setting=\"open_minimal\"}", 1.0);
            assertThat(now.get("parley_messages_sent_total{dialect=\"v1\"}")).isGreaterThanOrEqualTo(9.0);
        }
        try (RawClient refused = server.open("/v1?key=none")) {
            assertThat(refused.read()).startsWith("close 4001");
        }
        server.open("/v1?key=pk").reset();

        awaitMetric("parley_connections{dialect=\"v1\"}", 0);
        awaitMetric("parley_connections_ended_total{dialect=\"v1\",ending=\"4001\"}", 1);
        assertThat(scrape())
                .containsEntry("parley_refused_total{code=\"4001\"}", 1.0)
                .containsEntry("parley_connections_opened_total{dialect=\"v1\"}", 4.0)
                .containsKey("jvm_memory_used_bytes{area=\"heap\"}");
    }

    @Test
    void whateverNamesClientsChooseTheSeriesStayTheSame() {
        try (Talker talker = new Talker(server, "key=pk")) {
            int before = scrape().size();
            for (int i = 0; i < MANY; i++) {
                talker.say("{\"type\":\"publish\",\"channel\":\"room-" + i + "\",\"data\":1}");
            }
            talker.isThere();
            try (RawClient client = RawClient.tcp(server.port())) {
                for (int i = 0; i < MANY; i++) {
                    client.send(
                            "GET /path-" + i + " HTTP/1.1\r\nHost: a\r\nOrigin: https://o" + i + ".example\r\n\r\n");
                    String head = client.readHead();
                    assertThat(head).startsWith("HTTP/1.1 404 ");
                    client.readBytes(Integer.parseInt(head.replaceAll("(?s).*content-length: ([0-9]+).*", "$1")));
                }
            }
            for (int i = 0; i < 200; i++) {
                try (RawClient page = server.open("/v1?key=pk_page", "Host: a", "Origin: https://o" + i + ".example");
                        RawClient room = server.open("/minimal/room-" + i)) {
                    assertThat(page.read()).startsWith("close 4001");
                    room.send(RawClient.closeFrame(3000 + i, "bye"));
                    assertThat(room.read()).contains("welcome");
                }
            }

            assertThat(scrape().size() - before).isLessThan(20);
        }
    }

    private void awaitMetric(String name, double value) {
        while (scrape().getOrDefault(name, 0.0) != value) {
            Thread.onSpinWait();
        }
    }

    private Map<String, Double> scrape() {
        try (RawClient operator = RawClient.tcp(server.adminPort())) {
            operator.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String page = operator.readAll();
            assertThat(page)
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("content-type: text/plain; version=0.0.4");
            Map<String, Double> series = new TreeMap<>();
            page.substring(page.indexOf("\r\n\r\n"))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> series.put(
                            line.substring(0, line.lastIndexOf(' ')),
                            Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
            return series;
        }
    }
}
