// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What a process of this machine uses, as Linux counts it (proc(5)): processor time in microseconds, and memory as the
 * proportional set size, in which pages shared by processes count in parts.
 */
final class ServerCost implements MeasuredSpan {

    private static final long MICROS_PER_TICK = 10_000; // 100 ticks a second on every Linux there is
    private static final int USER = 11; // fields of stat behind the name, which may hold anything
    private static final int SYSTEM = 12;

    private final List<Path> processes;
    private List<Times> begin = List.of();
    private List<Times> end = List.of();
    private long kilobytesBefore;
    private long kilobytes;

    /** Processor time, in microseconds. */
    private record Times(long user, long system) {

        long all() {
            return user + system;
        }
    }

    /** Measures these processes together. */
    ServerCost(List<Long> pids) {
        this.processes =
                pids.stream().map(pid -> Path.of("/proc", Long.toString(pid))).toList();
    }

    /** Whether there are such processes, and we may look at them. */
    boolean isReadable() {
        try {
            readTimes();
            readKilobytes();
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public void before() {
        kilobytesBefore = readKilobytes();
    }

    @Override
    public void begin() {
        begin = readTimes();
    }

    @Override
    public void end() {
        end = readTimes();
        kilobytes = readKilobytes();
    }

    long userMicros() {
        return sum(end, Times::user) - sum(begin, Times::user);
    }

    long systemMicros() {
        return sum(end, Times::system) - sum(begin, Times::system);
    }

    /** Returns the processor time of each process, in microseconds. */
    List<Long> micros() {
        return IntStream.range(0, processes.size())
                .mapToObj(i -> end.get(i).all() - begin.get(i).all())
                .toList();
    }

    private static long sum(List<Times> times, ToLongFunction<Times> part) {
        return times.stream().mapToLong(part).sum();
    }

    /** Returns the memory before the first client connected, in KiB. */
    long kilobytesBefore() {
        return kilobytesBefore;
    }

    /** Returns the memory at the end, in KiB. */
    long kilobytes() {
        return kilobytes;
    }

    private List<Times> readTimes() {
        return processes.stream().map(ServerCost::readTimes).toList();
    }

    private static Times readTimes(Path process) {
        String stat = read(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Times(
                Long.parseLong(fields[USER]) * MICROS_PER_TICK, Long.parseLong(fields[SYSTEM]) * MICROS_PER_TICK);
    }

    private long readKilobytes() {
        return processes.stream()
                .map(process -> read(process.resolve("smaps_rollup")))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the server is gone", e);
        }
    }
}
