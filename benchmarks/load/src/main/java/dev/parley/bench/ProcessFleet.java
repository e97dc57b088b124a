// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Several processes that play the same scenario together, each with its share of the clients. They speak in lines: a
 * part says {@code ready} and waits for a line, says {@code holding}, {@code begin}, {@code end} and each second how
 * far it is, and at last its results.
 */
final class ProcessFleet {

    private static final String READY = "ready";
    private static final String HOLDING = "holding";
    private static final String BEGIN = "begin";
    private static final String END = "end";
    private static final String SECOND = "second ";
    private static final String OUTCOME = "outcome ";

    private final List<List<String>> commands;
    private final MeasuredSpan meter;
    private final BenchRun.Steps steps;
    private final List<Process> processes = new ArrayList<>();
    private final List<BenchOutcome> outcomes = new CopyOnWriteArrayList<>();
    private final CountDownLatch ready;
    private final CountDownLatch holding;
    private final CountDownLatch begun;
    private final CountDownLatch ended;
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();

    /** @param commands that start the parts */
    ProcessFleet(List<List<String>> commands, MeasuredSpan meter, BenchRun.Steps steps) {
        this.commands = commands;
        this.meter = meter;
        this.steps = steps;
        this.ready = new CountDownLatch(commands.size());
        this.holding = new CountDownLatch(commands.size());
        this.begun = new CountDownLatch(commands.size());
        this.ended = new CountDownLatch(commands.size());
    }

    /** Runs the scenario in several processes, and returns its outcome. */
    BenchOutcome run() throws IOException, InterruptedException {
        meter.before();
        List<Thread> readers = new ArrayList<>();
        try {
            for (List<String> command : commands) {
                Process process = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                processes.add(process);
                readers.add(Thread.ofVirtual().start(() -> read(process)));
            }
            Thread.ofVirtual().start(this::conduct);
            for (Thread reader : readers) {
                reader.join();
            }
        } finally {
            processes.forEach(Process::destroy);
        }
        if (outcomes.size() < commands.size()) {
            throw new IllegalStateException("a part of the measurement failed");
        }
        return BenchOutcome.sum(outcomes);
    }

    /** Lets all parts begin together, and measures from when the last has begun to when the last has ended. */
    private void conduct() {
        try {
            ready.await();
            for (Process process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            begun.await();
            meter.begin();
            if (holding.getCount() == 0) {
                steps.holding();
                awaitEndOfInput();
            }
            ended.await();
            meter.end();
        } catch (IOException e) {
            processes.forEach(Process::destroy);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the input of all parts, as each ends with its input. */
    private void awaitEndOfInput() throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (System.in.read() >= 0) {}
                for (Process process : processes) {
                    process.getOutputStream().close();
                }
            } catch (IOException e) {
                processes.forEach(Process::destroy);
            }
        });
    }

    private void read(Process process) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                handle(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            List.of(ready, holding, begun, ended)
                    .forEach(CountDownLatch::countDown); // a part that died holds up nobody
        }
    }

    private void handle(String line) {
        switch (line) {
            case READY -> ready.countDown();
            case HOLDING -> holding.countDown();
            case BEGIN -> begun.countDown();
            case END -> ended.countDown();
            default -> {
                if (line.startsWith(OUTCOME)) {
                    outcomes.add(BenchOutcome.decode(line.substring(OUTCOME.length())));
                } else if (line.startsWith(SECOND)) {
                    String[] figures = line.split(" ", -1);
                    steps.second(
                            operations.addAndGet(Long.parseLong(figures[1])),
                            errors.addAndGet(Long.parseLong(figures[2])));
                }
            }
        }
    }

    /** Runs one part of the scenario, and reports through these lines. */
    static void playPart(BenchPlan plan, PrintWriter out) throws InterruptedException {
        MeasuredSpan meter = new MeasuredSpan() {
            @Override
            public void begin() {
                out.println(BEGIN);
                out.flush();
            }

            @Override
            public void end() {
                out.println(END);
                out.flush();
            }
        };
        BenchRun.Steps steps = new BenchRun.Steps() {
            private long operationsBefore;
            private long errorsBefore;

            @Override
            public void ready() {
                out.println(READY);
                out.flush();
                try {
                    while (System.in.read() != '\n') {}
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void holding() {
                out.println(HOLDING);
                out.flush();
            }

            @Override
            public void second(long operations, long errors) {
                out.println(SECOND + (operations - operationsBefore) + " " + (errors - errorsBefore));
                out.flush();
                operationsBefore = operations;
                errorsBefore = errors;
            }
        };
        BenchOutcome outcome = new BenchRun(plan, meter, steps).run();
        out.println(OUTCOME + outcome.encode());
        out.flush();
    }
}
