// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.json.JsonBuilder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** An outcome for people and for programs. */
final class BenchReport {

    private static final int USUAL_BYTES = 1024;
    private static final double[] QUANTILES = {50, 90, 99, 99.9, 100};
    private static final String[] QUANTILE_NAMES = {"p50", "p90", "p99", "p999", "max"};

    private final BenchPlan plan;
    private final String operation;
    private final BenchOutcome outcome;
    private final @Nullable ServerCost cost;

    /** @param cost what it took the server, if that could be seen */
    BenchReport(BenchPlan plan, BenchOutcome outcome, @Nullable ServerCost cost) {
        this.plan = plan;
        this.operation = operation(plan.scenario());
        this.outcome = outcome;
        this.cost = cost;
    }

    /** Returns a table for people. */
    String table() {
        StringBuilder table = new StringBuilder();
        line(
                table,
                "scenario",
                String.format(
                        Locale.ROOT,
                        "%s over %s, %,d connections, %,d bytes",
                        word(plan.scenario()),
                        word(plan.speech()),
                        plan.load().connections(),
                        plan.load().data().length()));
        line(
                table,
                plural(),
                String.format(
                        Locale.ROOT, "%,d in %.1f s, %,.0f a second", outcome.operations(), seconds(), perSecond()));
        if (outcome.lost() > 0) {
            line(table, "lost", String.format(Locale.ROOT, "%,d", outcome.lost()));
        }
        if (outcome.errors() > 0) {
            line(table, "errors", String.format(Locale.ROOT, "%,d, first: %s", outcome.errors(), outcome.firstError()));
        }
        Histogram nanos = outcome.nanos();
        if (nanos.getTotalCount() > 0) {
            line(
                    table,
                    "time",
                    String.format(
                            Locale.ROOT,
                            "p50 %s, p90 %s, p99 %s, p99.9 %s, max %s",
                            millis(50),
                            millis(90),
                            millis(99),
                            millis(99.9),
                            millis(100)));
        }
        outcome.extras().forEach((name, value) -> line(table, name, String.format(Locale.ROOT, "%,d", value)));
        if (cost != null) {
            line(
                    table,
                    "server CPU",
                    String.format(
                            Locale.ROOT,
                            "%.2f us a %s (user %.2f, system %.2f)",
                            each(cost.userMicros() + cost.systemMicros()),
                            operation,
                            each(cost.userMicros()),
                            each(cost.systemMicros())));
            line(
                    table,
                    "server memory",
                    String.format(Locale.ROOT, "%,d kB (PSS), %,d before", cost.kilobytes(), cost.kilobytesBefore()));
        }
        return table.toString();
    }

    /** Returns the report as JSON. */
    String json() {
        JsonBuilder text = new JsonBuilder(USUAL_BYTES).raw("{\"scenario\":").string(word(plan.scenario()));
        text.raw(",\"protocol\":").string(word(plan.speech()));
        text.raw(",\"connections\":").number(plan.load().connections());
        text.raw(",\"bytes\":").number(plan.load().data().length());
        text.raw(",\"operation\":").string(operation);
        text.raw(",\"operations\":").number(outcome.operations());
        text.raw(",\"seconds\":").raw(decimal(seconds()));
        text.raw(",\"lost\":").number(outcome.lost());
        text.raw(",\"errors\":").number(outcome.errors());
        text.raw(",\"firstError\":").string(outcome.firstError());
        text.raw(",\"latencyMicros\":{");
        for (int i = 0; i < QUANTILES.length; i++) {
            text.raw(i == 0 ? "" : ",").string(QUANTILE_NAMES[i]).raw(":");
            text.raw(decimal(outcome.nanos().getValueAtPercentile(QUANTILES[i]) / 1000.0));
        }
        text.raw("},\"extra\":{");
        String separator = "";
        for (var extra : outcome.extras().entrySet()) {
            text.raw(separator).string(extra.getKey()).raw(":").number(extra.getValue());
            separator = ",";
        }
        text.raw("}");
        if (cost != null) {
            text.raw(",\"server\":{\"cpuMicrosPerOperation\":")
                    .raw(decimal(each(cost.userMicros() + cost.systemMicros())));
            text.raw(",\"userMicrosPerOperation\":").raw(decimal(each(cost.userMicros())));
            text.raw(",\"systemMicrosPerOperation\":").raw(decimal(each(cost.systemMicros())));
            text.raw(",\"cpuMicrosPerOperationOfEach\":[");
            String comma = "";
            for (long micros : cost.micros()) {
                text.raw(comma).raw(decimal(each(micros)));
                comma = ",";
            }
            text.raw("],\"pssKilobytes\":").number(cost.kilobytes());
            text.raw(",\"pssBeforeKilobytes\":").number(cost.kilobytesBefore()).raw("}");
        }
        return text.raw("}").toString();
    }

    private static void line(StringBuilder table, String name, String figures) {
        table.append(String.format(Locale.ROOT, "%-18s", name)).append(figures).append('\n');
    }

    private String plural() {
        return operation.equals("delivery") ? "deliveries" : operation + "s";
    }

    private double seconds() {
        return (double) outcome.nanosMeasured() / TimeUnit.SECONDS.toNanos(1);
    }

    private double perSecond() {
        return seconds() == 0 ? 0 : outcome.operations() / seconds();
    }

    private double each(long micros) {
        return outcome.operations() == 0 ? 0 : (double) micros / outcome.operations();
    }

    private String millis(double quantile) {
        return String.format(Locale.ROOT, "%.2f ms", outcome.nanos().getValueAtPercentile(quantile) / 1e6);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String operation(BenchPlan.Play play) {
        return switch (play) {
            case RELAY -> "message";
            case CALL -> "call";
            case FANOUT -> "delivery";
            case HANDSHAKE -> "handshake";
            case FLAKY -> "signal";
            case JOIN_STORM, IDLE, RECONNECT_STORM -> "peer";
        };
    }
}
