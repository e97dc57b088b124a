// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.ServerSettings;
import dev.parley.core.access.ConnectionMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The system's limit of open files: each connection is one. */
public final class OpenFiles {

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern LIMIT = Pattern.compile("Max open files +([0-9]+) .*");

    /** Connections that the limit must allow where apps may have any number. */
    private static final long FEW = 10_000;

    private OpenFiles() {}

    /** Returns how many files this process may have open; empty where there is no limit, or none that can be read. */
    public static OptionalLong limit() {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                Matcher matcher = LIMIT.matcher(line);
                if (matcher.matches()) {
                    return OptionalLong.of(Long.parseLong(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            // a system without such a file
        }
        return OptionalLong.empty();
    }

    /** Returns a warning if the limit does not allow the connections that memory and configuration allow. */
    public static Optional<String> warning(ServerSettings settings) {
        return settings.mode() == ServerSettings.Mode.DEVELOPMENT
                ? Optional.empty()
                : warning(limit(), ConnectionMemory.connections(MemoryPlan.heap()), settings);
    }

    static Optional<String> warning(OptionalLong limit, long memoryConnections, ServerSettings settings) {
        long configured = configuredConnections(settings);
        long connections = Math.min(memoryConnections, configured == Long.MAX_VALUE ? FEW : configured);
        if (limit.isEmpty() || limit.getAsLong() > connections) {
            return Optional.empty();
        }
        return Optional.of("the limit of open files is " + limit.getAsLong() + ", but "
                + (configured < memoryConnections
                        ? "the configuration allows "
                        : "the memory of the JVM is enough for ")
                + connections + (configured == Long.MAX_VALUE ? " connections and more" : " connections")
                + ": beyond the limit no client can connect; raise it (LimitNOFILE of the"
                + " service, or ulimit -n), or limit connections (apps[].limits.connections)");
    }

    /** Connections that apps may have; any number if an app has no limit. The minimal protocol has none. */
    private static long configuredConnections(ServerSettings settings) {
        boolean isUnlimited = settings.services().minimal().isEnabled()
                || settings.apps().stream().anyMatch(app -> app.limits().connections() == 0);
        return isUnlimited
                ? Long.MAX_VALUE
                : settings.apps().stream()
                        .mapToLong(app -> app.limits().connections())
                        .sum();
    }
}
