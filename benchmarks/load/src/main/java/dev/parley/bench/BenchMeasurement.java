// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of {@code parley bench}: plays the plan, tells how far it is, and reports. */
public final class BenchMeasurement {

    private final BenchPlan plan;
    private final List<List<String>> parts;
    private final @Nullable ServerCost cost;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param parts the commands that each play a share of it, or none to play it here
     * @param servers the processes that serve, to look at what it takes them; none to look at nothing
     * @param out for the result
     * @param err for how far it is
     */
    public BenchMeasurement(
            BenchPlan plan, List<List<String>> parts, List<Long> servers, PrintWriter out, PrintWriter err) {
        this.plan = plan;
        this.parts = List.copyOf(parts);
        this.cost = servers.isEmpty() ? null : new ServerCost(servers);
        this.out = out;
        this.err = err;
    }

    /** Returns why it cannot be measured; empty if it can. */
    public Optional<String> fault() {
        return cost != null && !cost.isReadable()
                ? Optional.of("--pid: no process on Linux that may be looked at")
                : plan.fault();
    }

    /** Plays a share of it for another process that conducts through standard input and output. */
    public static void playPart(BenchPlan plan, PrintWriter out) throws InterruptedException {
        ProcessFleet.playPart(plan, out);
    }

    /** Measures, and returns whether all went well. */
    public boolean run(@Nullable Path json) throws IOException, InterruptedException {
        MeasuredSpan meter = cost == null ? new MeasuredSpan() {} : cost;
        BenchRun.Steps steps = steps();
        BenchOutcome outcome =
                parts.isEmpty() ? new BenchRun(plan, meter, steps).run() : new ProcessFleet(parts, meter, steps).run();
        BenchReport report = new BenchReport(plan, outcome, cost);
        out.print(report.table());
        out.flush();
        if (json != null) {
            Files.writeString(json, report.json() + "\n");
        }
        return outcome.lost() == 0 && outcome.errors() == 0;
    }

    private BenchRun.Steps steps() {
        return new BenchRun.Steps() {
            private long before;

            @Override
            public void holding() {
                out.println("holding");
                out.flush();
            }

            @Override
            public void second(long operations, long errors) {
                String failures = errors == 0 ? "" : ", %,d errors so far".formatted(errors);
                err.printf(Locale.ROOT, "%,d a second%s%n", Math.max(0, operations - before), failures);
                err.flush();
                before = operations;
            }
        };
    }
}
