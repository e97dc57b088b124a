// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import dev.parley.rawclient.ServerProcess;
import java.nio.file.Path;
import java.util.List;

/** The server as users have it: a process of the distribution that Maven builds before it tests. */
final class Built {

    private static final Path DISTRIBUTION = Path.of("target", "parley");

    private Built() {}

    /** With these flags for its JVM besides those of the distribution. */
    static ServerProcess start(String... flags) {
        return ServerProcess.start(DISTRIBUTION, flags);
    }

    /** With these arguments of the command {@code serve}. */
    static ServerProcess serve(String... arguments) {
        return ServerProcess.serve(DISTRIBUTION, arguments);
    }

    /** With both. */
    static ServerProcess start(List<String> flags, List<String> arguments) {
        return ServerProcess.start(DISTRIBUTION, flags, arguments);
    }
}
