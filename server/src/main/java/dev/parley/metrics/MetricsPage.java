// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /metrics} in the text format of Prometheus. Nothing of its library is loaded before somebody asks, so
 * that a start does not wait for it. On the loop of the operators' listener, where no client waits.
 */
public final class MetricsPage implements HttpRoute {

    private final EventCounters counts;
    private final ServerGauges state;
    private final ReentrantLock making = new ReentrantLock();
    private @Nullable PrometheusRegistry registry;

    /** @param state what is looked at each time */
    public MetricsPage(EventCounters counts, ServerGauges state) {
        this.counts = counts;
        this.state = state;
    }

    @Override
    public HttpReply reply(ClientRequest request) {
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
        making.lock();
        try {
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
        } finally {
            making.unlock();
        }
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
