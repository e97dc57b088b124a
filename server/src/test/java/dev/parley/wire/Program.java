// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A program of the system that a test needs. */
final class Program {

    private Program() {}

    /**
     * Returns the path of an installed program.
     *
     * @param skip the property that leaves out the tests that need it
     * @throws AssertionError if it is not installed
     */
    static Path find(String name, String skip) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                        Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing: build/prerequisites, which also runs at the"
                        + " start of mvn verify, installs it; -D" + skip + " leaves out the tests that need it"));
    }
}
