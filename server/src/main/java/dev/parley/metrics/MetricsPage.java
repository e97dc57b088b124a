// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code /metrics} in the text format of Prometheus. Its library is loaded by the first request, so that a
 * start does not wait for it. That takes a second on a slow machine, therefore the page is made on a thread of its own,
 * which ends when nobody asks: a health check of the same listener does not wait for it.
 */
public final class MetricsPage implements HttpApi {

    private static final Logger log = LoggerFactory.getLogger(MetricsPage.class);

    private static final String PATH = "/metrics";

    private static final long IDLE_SECONDS = 10;

    private final EventCounters counts;
    private final ServerGauges state;
    private final ExecutorService thread;

    /** Used on the thread of the page only. */
    private @Nullable PrometheusRegistry registry;

    /** @param state what is looked at each time */
    public MetricsPage(EventCounters counts, ServerGauges state) {
        this.counts = counts;
        this.state = state;
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform().daemon().name("metrics").unstarted(task));
        one.allowCoreThreadTimeOut(true);
        this.thread = one;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    @Override
    public void answer(ClientRequest request, byte[] body, Consumer<HttpReply> answer) {
        boolean isRead = request.method().equals("GET") || request.method().equals("HEAD");
        if (isRead) {
            thread.execute(() -> answer.accept(pageOrFailure()));
        } else {
            answer.accept(text(405, "Only GET and HEAD are answered here.", Map.of("Allow", "GET, HEAD")));
        }
    }

    @Override
    public HttpReply tooLarge() {
        return text(413, "Send no body: only GET and HEAD are answered here.", Map.of());
    }

    @Override
    public HttpReply tooMany() {
        return text(429, "Too many failed requests came from this address: wait a minute.", Map.of());
    }

    private static HttpReply text(int status, String text, Map<String, String> headers) {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return new HttpReply(status, "text/plain; charset=utf-8", headers, body);
    }

    private HttpReply pageOrFailure() {
        try {
            return page();
        } catch (RuntimeException e) {
            log.error("the page of metrics failed", e);
            return text(500, "The server failed.", Map.of());
        }
    }

    private HttpReply page() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(page, registry().scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return new HttpReply(200, PrometheusTextFormatWriter.CONTENT_TYPE, Map.of(), page.toByteArray());
    }

    /** Returns the registry, which is made once. */
    private PrometheusRegistry registry() {
        PrometheusRegistry known = registry;
        if (known != null) {
            return known;
        }
        PrometheusRegistry made = new PrometheusRegistry();
        for (MetricName metric : MetricName.values()) {
            register(metric, made);
        }
        JvmMetrics.builder().register(made);
        registry = made;
        return made;
    }

    private void register(MetricName metric, PrometheusRegistry registry) {
        String[] labels = metric.labels().toArray(String[]::new);
        switch (metric.kind()) {
            case COUNTER ->
                CounterWithCallback.builder()
                        .name(metric.title())
                        .help(metric.help())
                        .labelNames(labels)
                        .callback(callback ->
                                tell(metric, (values, value) -> callback.call(value, values.toArray(String[]::new))))
                        .register(registry);
            case HISTOGRAM -> registry.register(() -> histogram(metric));
            case GAUGE ->
                GaugeWithCallback.builder()
                        .name(metric.title())
                        .help(metric.help())
                        .labelNames(labels)
                        .callback(callback ->
                                tell(metric, (values, value) -> callback.call(value, values.toArray(String[]::new))))
                        .register(registry);
        }
    }

    /** The times that the store took. */
    private HistogramSnapshot histogram(MetricName metric) {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(metric.title()).help(metric.help());
        counts.storeTimes().forEach((call, times) -> {
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            times.tell(buckets::bucket);
            snapshot.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.of(metric.labels().getFirst(), call))
                    .classicHistogramBuckets(buckets.build())
                    .sum(times.sum())
                    .build());
        });
        return snapshot.build();
    }

    private void tell(MetricName metric, BiConsumer<List<String>, Long> listener) {
        switch (metric) {
            case BUILD -> listener.accept(List.of(state.version()), 1L);
            case READY -> listener.accept(List.of(), state.isReady() ? 1L : 0L);
            case INSECURE -> state.insecurities().forEach(setting -> listener.accept(List.of(setting), 1L));
            case SESSIONS -> listener.accept(List.of(), state.sessions());
            case SESSIONS_AWAY -> listener.accept(List.of(), state.sessionsAway());
            case OUTBOX_BYTES -> listener.accept(List.of(), state.outboxBytes());
            case APP_CONNECTIONS -> tellApps(ServerGauges.AppState::connections, listener);
            case APP_PEERS -> tellApps(ServerGauges.AppState::peers, listener);
            case APP_CHANNELS -> tellApps(ServerGauges.AppState::channels, listener);
            case APP_MESSAGES -> tellApps(ServerGauges.AppState::messages, listener);
            case CONNECTIONS,
                    OPENED,
                    ENDED,
                    REFUSED,
                    HEARD,
                    SENT,
                    STORE_CALLS,
                    STORE_SECONDS,
                    STORE_SERVERS,
                    STORE_REFUSALS,
                    INBOX_ENTRIES,
                    INBOX_BYTES,
                    STATE_LOSSES,
                    SWEEPS,
                    RELOADS,
                    KEY_FETCHES,
                    RESUMES,
                    UNDELIVERED,
                    DROPPED,
                    BUSY,
                    PAUSED -> counts.tell(metric, listener);
        }
    }

    private void tellApps(ToLongFunction<ServerGauges.AppState> figure, BiConsumer<List<String>, Long> listener) {
        state.apps().forEach(app -> listener.accept(List.of(app.id()), figure.applyAsLong(app)));
    }
}
