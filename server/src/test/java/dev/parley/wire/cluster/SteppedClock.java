// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The wall clock of one process, which can be set ahead or back while it runs. Needs a C compiler. */
final class SteppedClock {

    private final Path library;
    private final Path ahead;

    /** Compiles what the process is to load, in this folder. */
    SteppedClock(Path folder) {
        library = folder.resolve("clock.so");
        ahead = folder.resolve("clock-ahead");
        Path source = folder.resolve("clock.c");
        set(Duration.ZERO);
        try (InputStream resource = SteppedClock.class.getResourceAsStream("clock.c")) {
            Files.copy(resource, source);
            Process compiler = new ProcessBuilder(
                            "cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .inheritIO()
                    .start();
            assertThat(compiler.waitFor()).as("exit code of cc").isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the variables of the process. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "CLOCK_AHEAD", ahead.toString());
    }

    /** Sets how far the clock is ahead of the right time; behind it if that is negative. */
    void set(Duration time) {
        try {
            Files.writeString(ahead, Long.toString(time.toSeconds()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
