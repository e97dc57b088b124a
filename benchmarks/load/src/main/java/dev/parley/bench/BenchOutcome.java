// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What came of a scenario, in one process or in all of them.
 *
 * @param operations how many things were done while it was measured
 * @param nanosMeasured how long that was
 * @param lost signals that never arrived
 * @param errors whatever else went wrong
 * @param firstError the first of it in words, empty if there was none
 * @param nanos how long each operation took from when it was due
 * @param extras figures only this scenario has
 */
record BenchOutcome(
        long operations,
        long nanosMeasured,
        long lost,
        long errors,
        String firstError,
        Histogram nanos,
        Map<String, Long> extras) {

    private static final String NONE = "-";

    /** Of several processes; what each measured on its own is added up, but times are the longest of all. */
    static BenchOutcome sum(List<BenchOutcome> parts) {
        Histogram nanos = new Histogram(parts.getFirst().nanos());
        nanos.reset();
        Map<String, Long> extras = new LinkedHashMap<>();
        for (BenchOutcome part : parts) {
            nanos.add(part.nanos());
            part.extras()
                    .forEach((name, value) ->
                            extras.merge(name, value, name.endsWith("Millis") ? Math::max : Long::sum));
        }
        return new BenchOutcome(
                parts.stream().mapToLong(BenchOutcome::operations).sum(),
                parts.stream().mapToLong(BenchOutcome::nanosMeasured).max().orElse(0),
                parts.stream().mapToLong(BenchOutcome::lost).sum(),
                parts.stream().mapToLong(BenchOutcome::errors).sum(),
                parts.stream()
                        .map(BenchOutcome::firstError)
                        .filter(error -> !error.isEmpty())
                        .findFirst()
                        .orElse(""),
                nanos,
                extras);
    }

    /** Returns the outcome in one line, for another process. */
    String encode() {
        ByteBuffer histogram = ByteBuffer.allocate(nanos.getNeededByteBufferCapacity());
        int length = nanos.encodeIntoCompressedByteBuffer(histogram);
        String extra = extras.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
        return String.join(
                " ",
                Long.toString(operations),
                Long.toString(nanosMeasured),
                Long.toString(lost),
                Long.toString(errors),
                base64(firstError.getBytes(StandardCharsets.UTF_8)),
                base64(Arrays.copyOf(histogram.array(), length)),
                extra.isEmpty() ? NONE : extra);
    }

    static BenchOutcome decode(String line) {
        String[] fields = line.split(" ", -1);
        Map<String, Long> extras = new LinkedHashMap<>();
        if (!fields[6].equals(NONE)) {
            for (String extra : fields[6].split(",", -1)) {
                String[] pair = extra.split("=", -1);
                extras.put(pair[0], Long.parseLong(pair[1]));
            }
        }
        try {
            return new BenchOutcome(
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    new String(bytes(fields[4]), StandardCharsets.UTF_8),
                    Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes(fields[5])), 0),
                    extras);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not an outcome", e);
        }
    }

    private static String base64(byte[] bytes) {
        return bytes.length == 0 ? NONE : Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String base64) {
        return base64.equals(NONE) ? new byte[0] : Base64.getDecoder().decode(base64);
    }
}
